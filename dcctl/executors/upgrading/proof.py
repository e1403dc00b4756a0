"""Snapshots of an element before and after, and the gates between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import clock, facts, gates, platforms
from dcctl.errors import CommandFailed, TargetTimeout
from dcctl.model import plain
from dcctl.model.outcome import GateFinding, Reading
from dcctl.model.status import GateStatus, ReadingStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dcctl.executors.upgrading.door import Door
    from dcctl.executors.upgrading.order import Order
    from dcctl.model.target import Target


def topics_of(target: Target) -> tuple[str, ...]:
    """What a snapshot holds: every topic that has a gate, and a collector on this platform."""
    platform = platforms.get(target.platform)
    if platform.upgrade is not None and platform.upgrade.topics:
        return platform.upgrade.topics
    return tuple(topic for topic in gates.all_gates() if platform.collector(topic) is not None)


def as_told(readings: Mapping[str, Reading]) -> dict[str, Any]:
    """A snapshot as plain data, for the journal."""
    return {topic: plain.to_plain(reading) for topic, reading in readings.items()}


def revived(told: Mapping[str, Any]) -> dict[str, Reading]:
    """The snapshot that `as_told` wrote."""
    return {
        topic: Reading(
            topic=topic,
            status=ReadingStatus(one["status"]),
            value=facts.revive(topic, one.get("value")),
            message=str(one.get("message", "")),
            evidence=tuple(one.get("evidence", ())),
        )
        for topic, one in told.items()
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


def compare(
    target: Target, order: Order, before: Mapping[str, Reading], after: Mapping[str, Reading]
) -> tuple[GateFinding, ...]:
    """What every gate says of two snapshots, the element having been restarted between them."""
    tailored = {topic: given for topic, given in order.gates.items() if topic in before}
    return gates.compare(
        before, after, tailored, order.waivers, target.name, restarted=order.restarts
    )


def hold(
    target: Target,
    order: Order,
    before: Mapping[str, Reading],
    door: Door,
    until: float,
    stop: Callable[[], bool],
) -> tuple[dict[str, Reading], tuple[GateFinding, ...]]:
    """Snapshots until every gate passes; the last one, and what the gates said.

    Raises:
        GateClosedError: a gate fails and won't come right. GateUnknownError: one could not tell.
    """
    began = clock.monotonic()
    while True:
        after = dict(door.read(tuple(before)))
        found = compare(target, order, before, after)
        bad = [one for one in found if one.stops]
        if not bad:
            return after, found
        now = clock.monotonic()
        waiting = gates.worth_waiting(found, now - began) and now + order.pause_s <= until
        if not waiting or stop():
            raise _refused(target, bad, found)
        clock.sleep(order.pause_s)


class GateClosedError(CommandFailed):
    """A gate says no; carries all that the gates said."""

    findings: tuple[GateFinding, ...] = ()


class GateUnknownError(TargetTimeout):
    """A gate could not tell; carries all that the gates said."""

    findings: tuple[GateFinding, ...] = ()


def _refused(
    target: Target, bad: Sequence[GateFinding], found: tuple[GateFinding, ...]
) -> GateClosedError | GateUnknownError:
    told = "; ".join(f"{one.gate} {one.subject}: {one.message}" for one in bad)[:500]
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
