"""Reading a target's topics and judging its checks: no reading and no finding may vanish."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dcctl import checks, clock
from dcctl.errors import JournalError, Unreachable
from dcctl.model.event import EventKind
from dcctl.model.outcome import Finding, Outcome, Reading
from dcctl.model.status import FindingStatus, NotEvaluated, ReadingStatus, StepStatus
from dcctl.running import settling
from dcctl.running.mishaps import words_of
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.plan import Step
    from dcctl.model.target import Target
    from dcctl.running.shard import ShardWork

SETTLE_EVERY_S = 3.0


def collect(work: ShardWork, step: Step) -> None:
    """Read the step's topics, judge its checks, and write it all down."""
    target = work.targets[step.target]
    started = clock.now().isoformat()
    work.emit(EventKind.STEP_STARTED, target=step.target, step=step.id)
    readings, findings = _read_until_settled(work, step, target)
    for reading in readings.values():
        work.emit(
            EventKind.READING,
            target=step.target,
            step=step.id,
            topic=reading.topic,
            status=reading.status,
            value=reading.value,
            fact=type(reading.value).__name__ if reading.value is not None else "",
            message=reading.message,
            evidence=reading.evidence,
            answers=reading.answers,
        )
    for finding in findings:
        work.emit(EventKind.FINDING, target=step.target, step=step.id, finding=finding)
    work.finish(step, _verified(step, findings, _collected(step, readings, started)))


def _read_until_settled(
    work: ShardWork, step: Step, target: Target
) -> tuple[dict[str, Reading], tuple[Finding, ...]]:
    settle = float(step.settings.get("settle_s", 0)) if work.shard.options.get("settle") else 0.0
    longest = clock.monotonic() + settle
    until = min(longest, clock.monotonic() + settling.GRACE_S)
    while True:
        readings = read(work, step, target)
        findings = judge(work, step, target, readings)
        late = settling.unsettled(findings)
        if late and clock.monotonic() < longest:
            as_if = partial(judge, work, step, readings=readings)
            if settling.may_come(step, target, late, as_if, work.shard.options.get("unwell") or ()):
                until = min(longest, clock.monotonic() + settling.GRACE_S)
        if not late or clock.monotonic() >= until or work.stopping():
            return readings, findings
        clock.sleep(min(SETTLE_EVERY_S, max(0.0, until - clock.monotonic())))


def _verified(step: Step, findings: tuple[Finding, ...], outcome: Outcome) -> Outcome:
    """A step that verifies a change fails when a check that passed before it does not now."""
    lost = [finding.check for finding in findings if finding.status in settling.UNSETTLED]
    if not step.settings.get("verify") or not lost:
        return outcome
    return replace(
        outcome,
        status=StepStatus.FAILED,
        message=Text(
            N_("what passed before the change fails now: {checks}"), {"checks": ", ".join(lost)}
        ),
    )


def read(work: ShardWork, step: Step, target: Target) -> dict[str, Reading]:
    """Every topic of the step, read or with the reason why not."""
    topics = tuple(step.settings.get("topics", ()))
    if not topics:
        return {}
    try:
        found = work.executors[step.executor].read(target, topics)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - no reading may vanish
        status = (
            ReadingStatus.UNREACHABLE if isinstance(error, Unreachable) else ReadingStatus.ERROR
        )
        return {t: Reading(topic=t, status=status, message=str(words_of(error))) for t in topics}
    missing = "no reading was given"
    return {
        topic: found.get(topic) or Reading(topic=topic, status=ReadingStatus.ERROR, message=missing)
        for topic in topics
    }


def judge(
    work: ShardWork, step: Step, target: Target, readings: Mapping[str, Reading]
) -> tuple[Finding, ...]:
    """Exactly one finding for each of the step's checks."""
    asked = {name: work.shard.checks.get(name, {}) for name in step.settings.get("checks", ())}
    if not asked:
        return ()
    try:
        found = {f.check: f for f in checks.evaluate(target, readings, asked)}
    except Exception as error:  # noqa: BLE001 - a broken check is not evaluated; it never passes
        found = {}
        words = words_of(error)
    else:
        words = Text(N_("the check gave no finding"))
    return tuple(
        found.get(name)
        or Finding(
            check=name,
            target=target.name,
            status=FindingStatus.NOT_EVALUATED,
            reason=NotEvaluated.ERROR,
            message=words,
        )
        for name in asked
    )


def _collected(step: Step, readings: Mapping[str, Reading], started: str) -> Outcome:
    statuses = {reading.status for reading in readings.values()}
    status = StepStatus.OK
    if ReadingStatus.UNREACHABLE in statuses:
        status = StepStatus.UNREACHABLE
    elif ReadingStatus.ERROR in statuses:
        status = StepStatus.ERROR
    wrong = next(
        (
            r
            for r in readings.values()
            if r.status in {ReadingStatus.UNREACHABLE, ReadingStatus.ERROR}
        ),
        None,
    )
    return Outcome(
        step=step.id,
        target=step.target,
        status=status,
        message=Text("{message}", {"message": wrong.message}) if wrong else Text(""),
        started_at=started,
        evidence=tuple(sorted({d for r in readings.values() for d in r.evidence})),
        data={"topics": {topic: reading.status.value for topic, reading in readings.items()}},
    )
