"""Never both: the paths that must stay are asked, live, just before their other way is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import Refused
from dcctl.executors._sightings import sightings
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.executors._witnesses import Witnesses
    from dcctl.executors.upgrading.order import Order, Path
    from dcctl.model.target import Target

_TOPICS = ("interfaces", "isis", "ospf")


def look(name: str, order: Order, witnesses: Witnesses) -> dict[str, list[str]]:
    """Ask every element of the paths that must stay; gives site -> the path it keeps.

    Raises:
        Refused: a path is not whole now, or nobody could tell; says which site would be cut off.
    """
    asked = clock.monotonic()
    known = {target.name: target for target in order.kept}
    readings: dict[str, Mapping[str, Any]] = {}
    broken: dict[str, str] = {}
    for path in order.keeps:
        why = _wrong(path, known, readings, witnesses, asked)
        if why:
            broken[path.site] = why
    if broken:
        raise Refused(
            N_("{name}: not touched, for these sites would be cut off: {sites}"),
            hint=N_("mend what is down there, or take it out of the campaign"),
            name=name,
            sites="; ".join(f"{site}: {why}" for site, why in broken.items()),
        )
    return {path.site: list(path.path) for path in order.keeps}


def _wrong(
    path: Path,
    known: Mapping[str, Target],
    readings: dict[str, Mapping[str, Any]],
    witnesses: Witnesses,
    asked: float,
) -> str:
    """What of `path` does not hold now; nothing: all of it was seen to hold."""
    for link in path.links:
        seen: list[bool | None] = []
        for near, far in ((link["a"], link["b"]), (link["b"], link["a"])):
            target = known.get(str(near["host"]))
            if target is None:
                continue
            if target.name not in readings:
                readings[target.name] = witnesses.read(target, _TOPICS, asked)
            seen.append(_holds(near, far, link, readings[target.name]))
        if False in seen:
            return f"{link['id']} is down"
        if True not in seen:
            return f"nobody can tell of {link['id']}"
    return ""


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
