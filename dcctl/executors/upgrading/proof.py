"""Snapshots of an element before and after, and the gates between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl import clock, facts, gates, platforms
from dcctl.errors import CommandFailed, TargetTimeout
from dcctl.executors.upgrading.order import SELDOM
from dcctl.facts.interfaces import same_interface
from dcctl.model import plain
from dcctl.model.outcome import GateFinding, Reading
from dcctl.model.status import GateStatus, ReadingStatus
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from dcctl.executors.upgrading.door import Door
    from dcctl.executors.upgrading.order import Order
    from dcctl.model.target import Target

    Far = Callable[[float], Mapping[str, Reading]]

_LIGHT, _VERSION = "optics", "version"
_NAMED = 8  # findings that a message names; the outcome has all
_LIT = frozenset({"fibre", "dwdm"})  # media that carry light


def topics_of(target: Target) -> tuple[str, ...]:
    """What a snapshot holds: every topic that has a gate, and a collector on this platform."""
    platform = platforms.get(target.platform)
    if platform.upgrade is not None and platform.upgrade.topics:
        return platform.upgrade.topics
    return tuple(topic for topic in gates.all_gates() if platform.collector(topic) is not None)


def as_told(readings: Mapping[str, Reading]) -> dict[str, Any]:
    """A snapshot as plain data, for the journal."""
    return {topic: plain.to_plain(reading) for topic, reading in readings.items()}


def revived(told: Mapping[str, Any], topic: str = "") -> dict[str, Reading]:
    """The readings that `as_told` wrote, by topic; or by whatever else, all of one `topic`."""
    return {
        name: Reading(
            topic=topic or name,
            status=ReadingStatus(one["status"]),
            value=facts.revive(topic or name, one.get("value")),
            message=str(one.get("message", "")),
            evidence=tuple(one.get("evidence", ())),
        )
        for name, one in told.items()
    }


def whole(target: Target, readings: Mapping[str, Reading]) -> None:
    """Refuse a snapshot that has holes: what isn't known before can't be compared after.

    Raises:
        TargetTimeout: names the topics.
    """
    missing = {
        topic: reading.message
        for topic, reading in readings.items()
        if reading.status not in {ReadingStatus.PARSED, ReadingStatus.EMPTY}
    }
    if missing:
        raise TargetTimeout(
            N_("{name}: nothing was changed, for these can't be read before: {missing}"),
            name=target.name,
            missing="; ".join(f"{topic} ({why})" for topic, why in missing.items())[:400],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was read of an element, and of the far ends of its fibres, at one moment."""

    readings: Mapping[str, Reading]
    far: Mapping[str, Reading]  # neighbour -> its optics
    at: float  # on the monotonic clock


def take(topics: Sequence[str], door: Door, far: Far) -> Snapshot:
    """A snapshot, now."""
    at = clock.monotonic()
    lit = far(at) if _LIGHT in topics else {}
    return Snapshot(readings=dict(door.read(topics)), far=lit, at=at)


def compare(
    target: Target,
    order: Order,
    before: Snapshot,
    after: Snapshot,
    topics: Collection[str],
    *,
    restarted: bool = True,
) -> tuple[GateFinding, ...]:
    """What the gates of `topics` say of two snapshots; `restarted`: the element was, between."""
    tailored = {topic: given for topic, given in order.gates.items() if topic in topics}
    found = gates.compare(
        before.readings,
        after.readings,
        tailored,
        order.waivers,
        target.name,
        elapsed_s=after.at - before.at,
        restarted=restarted,
    )
    lit = _spans(target, order, before, after) if _LIGHT in tailored else ()
    return (*found, *lit)


def _spans(
    target: Target, order: Order, before: Snapshot, after: Snapshot
) -> Iterator[GateFinding]:
    """The loss of every fibre whose far end was read, both ways."""
    for port in target.interfaces:
        if port.medium not in _LIT or port.peer not in before.far:
            continue
        near = [_lanes(one.readings.get(_LIGHT), port.name) for one in (before, after)]
        far = [_lanes(one.far.get(port.peer), port.peer_interface) for one in (before, after)]
        if not near[0] or not far[0]:
            continue  # there was nothing to compare with
        verdicts = gates.span(near[0], far[0], near[1], far[1], order.gates[_LIGHT])
        subject = f"{port.name} - {port.peer} {port.peer_interface}"
        yield from gates.findings(verdicts, _LIGHT, target.name, subject, order.waivers)


def _lanes(reading: Reading | None, interface: str) -> list[Any]:
    items = getattr(reading.value, "items", ()) if reading is not None else ()
    return [lane for lane in items if same_interface(lane.interface, interface)]


def hold(
    target: Target,
    order: Order,
    before: Snapshot,
    look: Callable[[Sequence[str]], Snapshot],
    until: float,
    stop: Callable[[], bool],
    *,
    first: Snapshot | None = None,
    restarted: bool = True,
) -> tuple[tuple[GateFinding, ...], Snapshot]:
    """Look until every gate passes; what the gates said of the last look at everything, and it.

    While one waits, only what does not pass yet is looked at. `first` is a look just taken.

    Raises:
        GateClosedError: a gate fails and won't come right. GateUnknownError: one could not tell.
    """
    began, pause = clock.monotonic(), order.pause_s
    everything = tuple(before.readings)
    asked, after = everything, first or look(everything)
    while True:
        found = compare(target, order, before, after, asked, restarted=restarted)
        bad = [one for one in found if one.stops]
        now = clock.monotonic()
        waiting = gates.worth_waiting(found, now - began) and now + order.pause_s <= until
        if not waiting or stop():
            if asked != everything:
                asked, after = everything, look(everything)
                continue
            if not bad:
                return found, after
            raise _refused(target, bad, found)
        asked = _still(bad, everything)
        clock.sleep(min(pause, until - now))
        pause = min(pause * 1.5, order.pause_s * SELDOM)
        after = look(asked)


def _still(bad: Iterable[GateFinding], topics: Sequence[str]) -> tuple[str, ...]:
    """What is looked at while one waits: what does not pass, and since when the element runs."""
    needed = {_VERSION, *(one.gate for one in bad)}
    return tuple(topic for topic in topics if topic in needed)


class GateClosedError(CommandFailed):
    """A gate says no; carries all that the gates said."""

    findings: tuple[GateFinding, ...] = ()


class GateUnknownError(TargetTimeout):
    """A gate could not tell; carries all that the gates said."""

    findings: tuple[GateFinding, ...] = ()


def _refused(
    target: Target, bad: Sequence[GateFinding], found: tuple[GateFinding, ...]
) -> GateClosedError | GateUnknownError:
    told = [
        Text("{what}: {told}", {"what": f"{one.gate} {one.subject}".strip(), "told": one.message})
        for one in bad[:_NAMED]
    ]
    told += [Text("…")] if len(bad) > _NAMED else []
    error: GateClosedError | GateUnknownError
    if any(one.status is GateStatus.FAIL for one in bad):
        error = GateClosedError(N_("{name}: not as before: {told}"), name=target.name, told=told)
    else:
        error = GateUnknownError(
            N_("{name}: nobody can tell whether all is as before: {told}"),
            name=target.name,
            told=told,
        )
    error.findings = found
    return error
