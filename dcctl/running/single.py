"""One step of one target: read, observe, or hand to its executor; and what a resumed step is found to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl import checks, clock
from dcctl.errors import CommandFailed, DcctlError, Interrupted, JournalError, Refused, Unreachable
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Finding, Outcome, Reading
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import (
    FindingStatus,
    NotEvaluated,
    NotStarted,
    ReadingStatus,
    StepStatus,
)
from dcctl.running.ledger import not_started
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.model.target import Target
    from dcctl.running.shard import ShardWork

RECOVERED = "recovered"  # the reason of an outcome that was read from the target, not done again
SETTLE_EVERY_S = 3.0
_UNSETTLED = frozenset({FindingStatus.FAIL, FindingStatus.PARTIAL})
_OWN_KINDS = frozenset({StepKind.COLLECT, StepKind.OBSERVE})


def is_batched(work: ShardWork, step: Step) -> bool:
    """Whether `step` waits for those of the other targets."""
    executor = work.executors.get(step.executor)
    return executor is not None and executor.batches and step.kind is not StepKind.COLLECT


def prepare(work: ShardWork, step: Step) -> None:
    """What a batched step needs before the others come: done side by side, a target each."""
    if step.kind is StepKind.OBSERVE:
        look(work, step)
    else:
        precondition(work, step)


def do(work: ShardWork, step: Step) -> None:
    """Do `step`, or say why not; it has its outcome when this returns, unless the run was aborted."""
    if step.changes:
        precondition(work, step)
    verdict = work.ledger.verdict(step)
    if verdict is not None:
        work.finish(step, verdict)
    elif step.kind is StepKind.COLLECT:
        collect(work, step)
    elif step.kind is StepKind.OBSERVE:
        look(work, step)
        predict(work, [step])
    elif step.changes and step.id in work.ledger.attempts:
        left = reconcile(work, [step])
        hand_over(work, left)
    else:
        hand_over(work, [step])


# --- handing to the executor ---


def hand_over(work: ShardWork, steps: Sequence[Step]) -> None:
    """Let their executor do `steps`; each gets exactly one outcome whatever the executor does."""
    if not steps:
        return
    executor = work.executors[steps[0].executor]
    waiting = {step.id: step for step in steps}
    targets = {step.target: work.targets[step.target] for step in steps}
    try:
        for outcome in executor.run(steps, targets):
            step = waiting.pop(outcome.step, None)
            if step is None:
                message = f"{executor.name} told of {outcome.step}, which was not asked for"
                work.emit(EventKind.STEP_PROGRESS, target=outcome.target, message=message)
            else:
                work.finish(step, outcome)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever an executor raises is its steps' outcome
        for step in waiting.values():
            work.finish(step, from_error(step, error))
        return
    for step in waiting.values():
        work.finish(step, _error(step, Text(N_("{name} gave no outcome"), {"name": executor.name})))


def from_error(step: Step, error: Exception) -> Outcome:
    """The outcome of a step whose executor raised."""
    if isinstance(error, Interrupted):
        return not_started(step, NotStarted.INTERRUPTED)
    status = StepStatus.ERROR
    if isinstance(error, Unreachable):
        status = StepStatus.UNREACHABLE
    elif isinstance(error, CommandFailed):
        status = StepStatus.FAILED
    elif isinstance(error, Refused):
        return not_started(step, NotStarted.REFUSED, error.text)
    return Outcome(step=step.id, target=step.target, status=status, message=_words(error))


def _words(error: Exception) -> Text:
    if isinstance(error, DcctlError):
        return error.text
    return Text(N_("{kind}: {error}"), {"kind": type(error).__name__, "error": str(error)[:300]})


def _error(step: Step, message: Text) -> Outcome:
    return Outcome(step=step.id, target=step.target, status=StepStatus.ERROR, message=message)


# --- is the target still what was approved? ---


def precondition(work: ShardWork, step: Step) -> None:
    """Before the first change of a target: read again what will change; refuse a target that moved."""
    target = work.targets[step.target]
    expected = work.shard.preconditions.get(target.name)
    if not step.changes or expected is None or target.name in work.checked:
        return
    if work.ledger.verdict(step) is not None:
        return
    work.checked.add(target.name)
    steps = _fingerprinted(work, target)
    if any(step.id in work.ledger.attempts or step.id in work.shard.done for step in steps):
        return  # we have begun to change it ourselves; each step in doubt is looked at by itself
    try:
        observed = work.executors[steps[0].executor].fingerprint(target, steps)
    except JournalError:
        raise
    except Unreachable as error:
        work.finish(_take(work, step), from_error(step, error))
        return
    except Exception as error:  # noqa: BLE001 - what can't be compared is not what was approved
        words = Text(
            N_("it could not be compared with what was approved: {error}"),
            {"error": str(_words(error))},
        )
        work.ledger.refuse(target.name, NotStarted.STALE, words)
        return
    work.emit(EventKind.PRECONDITION, target=target.name, expected=expected, observed=observed)
    if observed != expected:
        words = Text(N_("the target moved since it was observed; make a new plan"))
        work.ledger.refuse(target.name, NotStarted.STALE, words)


def _take(work: ShardWork, step: Step) -> Step:
    queue = work.lanes[step.target].queue
    if queue and queue[0] is step:
        queue.popleft()
    return step


def _fingerprinted(work: ShardWork, target: Target) -> list[Step]:
    """The changing steps that the plan's fingerprint of `target` was made of: its last executor's."""
    changing = [step for step in work.shard.steps if step.target == target.name and step.changes]
    last = list(dict.fromkeys(step.executor for step in changing))[-1]
    return [step for step in changing if step.executor == last]


# --- resuming ---


def reconcile(work: ShardWork, steps: Sequence[Step]) -> list[Step]:
    """Look at steps that were begun and never ended; gives those that have to be done (again)."""
    executor = work.executors[steps[0].executor]
    targets = {step.target: work.targets[step.target] for step in steps}
    try:
        predicted = executor.predict(steps, targets)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - a target that can't be read stays in doubt
        for step in steps:
            _still_in_doubt(work, step, error)
        return []
    left = []
    for step in steps:
        lines = predicted.get(step.id)
        if lines is None:
            work.finish(step, _unknown(step))
        elif lines:
            left.append(step)
        else:
            work.finish(step, _recovered(step))
    return left


def _still_in_doubt(work: ShardWork, step: Step, error: Exception) -> None:
    """No outcome: the step stays in doubt in the journal, and its target is left alone."""
    message = str(_words(error))
    work.emit(EventKind.STEP_PROGRESS, target=step.target, step=step.id, message=message)
    if isinstance(error, Unreachable):
        work.ledger.lose(step.target)


def _unknown(step: Step) -> Outcome:
    words = N_(
        "it was begun before the interruption, and {target} can't say whether it was done: "
        "look at {target}, then run it again"
    )
    return _error(step, Text(words, {"target": step.target}))


def _recovered(step: Step) -> Outcome:
    """What was begun is done, as the target itself says: nothing is repeated."""
    nothing = step.predicted == ()
    return Outcome(
        step=step.id,
        target=step.target,
        status=StepStatus.OK if nothing else StepStatus.CHANGED,
        reason=RECOVERED,
        message=Text(N_("it was done before the interruption, as the target shows; not repeated")),
        changed=step.predicted or (),
    )


# --- reading and judging ---


def collect(work: ShardWork, step: Step) -> None:
    """Read the step's topics, judge its checks, and write down readings, findings and the outcome."""
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
        )
    for finding in findings:
        work.emit(EventKind.FINDING, target=step.target, step=step.id, finding=finding)
    work.finish(step, _collected(step, readings, started))


def _read_until_settled(
    work: ShardWork, step: Step, target: Target
) -> tuple[dict[str, Reading], tuple[Finding, ...]]:
    settle = float(step.settings.get("settle_s", 0)) if work.shard.options.get("settle") else 0.0
    until = clock.monotonic() + settle
    while True:
        readings = read(work, step, target)
        findings = judge(work, step, target, readings)
        waits = any(f.status in _UNSETTLED or f.reason in _MAY_COME for f in findings)
        if not waits or clock.monotonic() >= until or work.stopping():
            return readings, findings
        clock.sleep(min(SETTLE_EVERY_S, max(0.0, until - clock.monotonic())))


_MAY_COME = frozenset({NotEvaluated.UNREACHABLE.value, NotEvaluated.ERROR.value})


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
        return {t: Reading(topic=t, status=status, message=str(_words(error))) for t in topics}
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
        words = _words(error)
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


# --- observing ---


def look(work: ShardWork, step: Step) -> None:
    """Take the fingerprint of what the steps that an observing step stands for would change."""
    if step.id in work.prints or work.ledger.verdict(step) is not None:
        return
    work.emit(EventKind.STEP_STARTED, target=step.target, step=step.id)
    try:
        executor = work.executors[step.executor]
        found = executor.fingerprint(work.targets[step.target], _observed(step))
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - one target's trouble is its own outcome
        work.finish(_take(work, step), from_error(step, error))
    else:
        work.prints[step.id] = found


def _observed(step: Step) -> list[Step]:
    return [plain.from_plain(Step, data) for data in step.settings.get("of", ())]


def predict(work: ShardWork, steps: Sequence[Step]) -> None:
    """Say what would change, for the observing steps whose fingerprint was taken."""
    seen = [step for step in steps if step.id in work.prints]
    if not seen:
        return
    inner = {step.id: _observed(step) for step in seen}
    wanted = [one for step in seen for one in inner[step.id]]
    targets = {step.target: work.targets[step.target] for step in seen}
    try:
        predicted = work.executors[seen[0].executor].predict(wanted, targets)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        for step in seen:
            work.finish(step, from_error(step, error))
        return
    for step in seen:
        data = {
            "predicted": {one.id: predicted.get(one.id) for one in inner[step.id]},
            "fingerprint": work.prints[step.id],
        }
        work.finish(
            step,
            Outcome(
                step=step.id,
                target=step.target,
                status=StepStatus.OK,
                data=plain.to_plain(data),
            ),
        )
