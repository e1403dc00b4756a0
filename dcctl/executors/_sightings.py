"""What a neighbour's readings say of one target: links, adjacencies and sessions towards it. Pure.

A view is what the planner wrote into the step: the neighbour's `interface` of the link, the
target's `name` and `addresses`, and what the intended configuration `wants` on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.model.status import ReadingStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dcctl.model.outcome import Reading

SESSIONS = frozenset({"isis", "ospf", "bfd", "bgp"})  # a broken one of these may show only later
_KNOWN = frozenset({ReadingStatus.PARSED, ReadingStatus.EMPTY})


def sightings(view: Mapping[str, Any], readings: Mapping[str, Reading]) -> dict[str, bool | None]:
    """For each topic of the view whether it holds; None: could not be told.

    A topic that the neighbour's platform can't tell at all is left out.
    """
    found: dict[str, bool | None] = {}
    for topic in view["wants"]:
        reading = readings.get(topic)
        if reading is not None and reading.status is ReadingStatus.NO_TEMPLATE:
            continue
        if reading is None or reading.status not in _KNOWN:
            found[topic] = None
        else:
            items = getattr(reading.value, "items", ())
            found[topic] = _JUDGES[topic](view, items)
    return found


def _interface(name: str, view: Mapping[str, Any]) -> bool:
    """Whether `name`, maybe of a unit on it, is the view's interface however it is abbreviated."""
    return any(_same(one, view["interface"]) for one in (name, name.rpartition(".")[0]))


def _same(one: str, other: str) -> bool:
    (a, number), (b, wanted) = _split(one), _split(other)
    return number == wanted and (a.startswith(b) or b.startswith(a))


def _split(name: str) -> tuple[str, str]:
    lowered = name.strip().lower()
    head = lowered.rstrip("0123456789/.:-")
    return head.rstrip("-"), lowered[len(head) :].lstrip("-")


def _link(view: Mapping[str, Any], items: Sequence[Any]) -> bool:
    return any(item.oper_up for item in items if _same(item.name, view["interface"]))


def _lldp(view: Mapping[str, Any], items: Sequence[Any]) -> bool:
    heard = {
        item.system.split(".")[0].lower() for item in items if _interface(item.interface, view)
    }
    return str(view["name"]).lower() in heard


def _isis(view: Mapping[str, Any], items: Sequence[Any]) -> bool:
    return any(item.state == "up" for item in items if _interface(item.interface, view))


def _ospf(view: Mapping[str, Any], items: Sequence[Any]) -> bool:
    return any(
        item.state == "full"
        for item in items
        if _interface(item.interface.split(":")[0], view) or item.address in view["addresses"]
    )


def _bfd(view: Mapping[str, Any], items: Sequence[Any]) -> bool:
    """By address, or by interface: an address may be what is being changed."""
    return any(
        item.state == "up"
        for item in items
        if item.neighbor in view["addresses"] or _interface(item.interface, view)
    )


def _bgp(view: Mapping[str, Any], items: Sequence[Any]) -> bool:
    """Every session towards the target: one address may stand there once a family."""
    states = [item.state for item in items if item.neighbor in view["addresses"]]
    return bool(states) and all(state == "established" for state in states)


_JUDGES: Mapping[str, Callable[[Mapping[str, Any], Sequence[Any]], bool]] = {
    "interfaces": _link,
    "lldp": _lldp,
    "isis": _isis,
    "ospf": _ospf,
    "bfd": _bfd,
    "bgp": _bgp,
}
