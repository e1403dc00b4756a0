"""Never both: the paths that must stay are asked, live, just before their other way is touched.

A link that no driver of ours reaches at either end is marked `unseen` in the plan, and so in what
was signed: it is taken as topology.yml has it. Every other link must be seen up by one of its ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import clock, concurrency
from dcctl.errors import Refused
from dcctl.executors._sightings import sightings
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.executors._witnesses import Witnesses
    from dcctl.executors.upgrading.order import Order, Path

_TOPICS = ("interfaces", "isis", "ospf")
_AT_ONCE = 8  # elements that are asked at the same time: what was seen must be young at the end


def look(name: str, order: Order, witnesses: Witnesses) -> dict[str, list[str]]:
    """Ask every element of the paths that must stay; gives site -> the path it keeps.

    Raises:
        Refused: a path is not whole now, or nobody could tell; says which site would be cut off.
    """
    readings = _read(order, witnesses)
    broken: dict[str, Text] = {}
    for path in order.keeps:
        why = _wrong(path, readings)
        if why:
            broken[path.site] = why
    if broken:
        raise Refused(
            N_("{name}: not touched, for these sites would be cut off: {sites}"),
            hint=N_("mend what is down there, or take it out of the campaign"),
            name=name,
            sites=[
                Text("{what}: {told}", {"what": site, "told": why}) for site, why in broken.items()
            ],
        )
    return {path.site: list(path.path) for path in order.keeps}


def _read(order: Order, witnesses: Witnesses) -> dict[str, Mapping[str, Any]]:
    """What every end of the paths' links tells that can be asked."""
    asked = clock.monotonic()
    ends = {str(link[end]["host"]) for path in order.keeps for link in path.links for end in "ab"}
    told = [target for target in order.kept if target.name in ends]
    seen = concurrency.side_by_side(
        lambda target: witnesses.read(target, _TOPICS, asked), told, _AT_ONCE
    )
    return {target.name: readings for target, readings in zip(told, seen, strict=True)}


def _wrong(path: Path, readings: Mapping[str, Mapping[str, Any]]) -> Text | None:
    """What of `path` does not hold now; nothing: all of it that can be seen was seen to hold."""
    unknown = N_("nobody can tell of {links}")
    blind = [link for link in path.links if link.get("unseen")]
    if blind and len(blind) == len(path.links):
        return Text(unknown, {"links": ", ".join(str(link["id"]) for link in blind)})
    for link in path.links:
        if link in blind:
            continue
        seen = [
            _holds(near, far, link, readings[str(near["host"])])
            for near, far in ((link["a"], link["b"]), (link["b"], link["a"]))
            if str(near["host"]) in readings
        ]
        if False in seen:
            return Text(N_("{link} is down"), {"link": link["id"]})
        if True not in seen:
            return Text(unknown, {"links": link["id"]})
    return None


def _holds(
    near: Mapping[str, Any],
    far: Mapping[str, Any],
    link: Mapping[str, Any],
    readings: Mapping[str, Any],
) -> bool | None:
    """What one end of a link sees of it; None: it can't tell."""
    view = {
        "name": far["host"],
        "interface": near["interface"],
        "addresses": [],
        "wants": ["interfaces", *(link.get("protocols") or ())],
    }
    seen: Sequence[bool | None] = list(sightings(view, readings).values())
    if False in seen:
        return False
    return None if None in seen or not seen else True
