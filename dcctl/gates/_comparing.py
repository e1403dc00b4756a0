"""All gates over two snapshots of one target: whatever happens, each asked topic is answered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.facts import read_fact
from dcctl.gates._judging import failed, passed, unknown
from dcctl.model import plain
from dcctl.model.condition import is_number
from dcctl.model.outcome import GateFinding, Reading
from dcctl.model.status import GateStatus, ReadingStatus
from dcctl.text import N_

_log = logging.getLogger(__name__)
_READ = (ReadingStatus.PARSED, ReadingStatus.EMPTY)
_READABLE_S = 300  # so long after a reload a device may still answer a command with nothing useful


def compare(
    gates: Mapping[str, Gate],
    before: Mapping[str, Reading],
    after: Mapping[str, Reading],
    tailored: Mapping[str, Mapping[str, Any]],
    target: str,
    *,
    elapsed_s: float | None,
    restarted: bool | None,
) -> tuple[GateFinding, ...]:
    """See `dcctl.gates.compare`; waivers come after it."""
    uptime_s = _uptime(after)
    if restarted is None and elapsed_s is not None and uptime_s is not None:
        restarted = uptime_s < elapsed_s
    found: list[GateFinding] = []
    for topic, parameters in tailored.items():
        gate, was = gates.get(topic), before.get(topic)
        if gate is None:
            verdict = unknown("", N_("this version of dcctl has no gate {topic}"), topic=topic)
            found.append(finding(Gate(topic=topic, title="", compare=_never), target, verdict))
        elif was is not None and not _never_read(was):
            terms = Terms(
                parameters={**gate.parameters, **parameters},
                elapsed_s=elapsed_s,
                uptime_s=uptime_s,
                restarted=restarted,
            )
            verdicts = _topic(gate, was, after.get(topic), terms)
            found += [finding(gate, target, verdict) for verdict in verdicts]
    return tuple(found)


def _never(_before: Any, _after: Any, _terms: Terms) -> tuple[Verdict, ...]:
    return ()


def _never_read(reading: Reading) -> bool:
    """Whether the platform can't read the topic at all; an answer that no parser knew is one."""
    return reading.status is ReadingStatus.NO_TEMPLATE and not reading.evidence


def _topic(gate: Gate, before: Reading, after: Reading | None, terms: Terms) -> Iterator[Verdict]:
    if before.status not in _READ:
        message = N_("{topic} could not be read before: {reason}")
        reason = before.message or before.status.value
        yield unknown("", message, topic=gate.topic, reason=reason, settle_s=0)
        return
    if after is None or after.status not in _READ:
        message = N_("{topic} could be read before, and was not read after")
        reason = ""
        if after is not None:
            message = N_("{topic} could be read before, and not after: {reason}")
            reason = after.message or after.status.value
        settle_s = max(gate.settle_s, _READABLE_S)
        yield unknown("", message, topic=gate.topic, reason=reason, settle_s=settle_s)
        return
    try:
        old, new = read_fact(before), read_fact(after)
        verdicts = gate.compare(old, new, terms)
    except Exception as error:  # noqa: BLE001 - a gate that raises stops the wave, not the campaign
        _log.exception("gate %s raised", gate.topic)
        message = N_("the gate {topic} itself failed: {error}")
        shown = f"{type(error).__name__}: {error}"
        yield unknown("", message, topic=gate.topic, error=shown, settle_s=0)
        return
    if verdicts:
        yield from verdicts
    elif old is not None and new is None:
        yield failed("", N_("there was something before, and nothing is there after"))
    else:
        yield passed("", N_("there was nothing to compare"))


def _uptime(after: Mapping[str, Reading]) -> float | None:
    reading = after.get("version")
    if reading is None or reading.status is not ReadingStatus.PARSED:
        return None
    try:
        uptime_s = getattr(read_fact(reading), "uptime_s", None)
    except (TypeError, ValueError):  # its own gate tells what is wrong with it
        return None
    return float(uptime_s) if uptime_s is not None and is_number(uptime_s) else None


def finding(gate: Gate, target: str, verdict: Verdict, subject: str = "") -> GateFinding:
    """A verdict as it is journalled."""
    settle_s = gate.settle_s if verdict.settle_s is None else verdict.settle_s
    return GateFinding(
        gate=gate.topic,
        target=target,
        subject=" ".join(part for part in (subject, verdict.subject) if part),
        status=verdict.status,
        message=verdict.message,
        before=plain.to_plain(verdict.before),
        after=plain.to_plain(verdict.after),
        settle_s=0 if verdict.status is GateStatus.PASS else settle_s,
    )
