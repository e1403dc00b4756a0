"""Steps that were begun and never ended: the target itself says what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl.errors import JournalError, Unreachable
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import StepStatus
from dcctl.running.mishaps import error_of, words_of
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.plan import Shard
    from dcctl.running.shard import ShardWork

RECOVERED = "recovered"  # the reason of an outcome that was read from the target, not done again


def reconcile(work: ShardWork, steps: Sequence[Step]) -> list[Step]:
    """Look at steps that were begun and never ended; gives those that have to be done (again)."""
    if not steps or steps[0].kind is StepKind.UPGRADE:
        return list(steps)  # an upgrade reads for itself what became of it
    executor = work.executors[steps[0].executor]
    targets = {step.target: work.targets[step.target] for step in steps}
    try:
        predicted = executor.predict([completing(step) for step in steps], targets)
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
            _unknown(work, step)
        elif lines or step.kind is StepKind.CONFIG:
            # A configuration that is as wanted may still wait to be confirmed and saved: its
            # executor completes it, and repeats nothing.
            left.append(step)
        else:
            work.finish(step, recovered(step))
    return left


def completing(step: Step, shard: Shard | None = None) -> Step:
    """`step` as its executor is told that it was begun before: to complete it, not to repeat it."""
    told = shard.journalled.get(step.id, ()) if shard is not None else ()
    return replace(step, settings={**step.settings, "in_doubt": True, "journalled": told})


def _still_in_doubt(work: ShardWork, step: Step, error: Exception) -> None:
    """No outcome: the step stays in doubt in the journal, and its target is left alone."""
    message = str(words_of(error))
    work.emit(EventKind.STEP_PROGRESS, target=step.target, step=step.id, message=message)
    work.ledger.lose(step.target)


def _unknown(work: ShardWork, step: Step) -> None:
    """It can't be predicted: because the target is away (in doubt), or because it can't tell."""
    target = work.targets[step.target]
    try:
        work.executors[step.executor].fingerprint(target, [step])
    except JournalError:
        raise
    except Unreachable as error:
        _still_in_doubt(work, step, error)
        return
    except Exception:  # noqa: BLE001, S110 - it answers: that is all that was asked here
        pass
    words = N_(
        "it was begun before the interruption, and {target} can't say whether it was done: "
        "look at {target}, then run it again"
    )
    work.finish(step, error_of(step, Text(words, {"target": step.target})))


def told(step: Step, outcome: Outcome) -> Outcome:
    """The outcome of a completed step: what an earlier process changed was changed by this run."""
    if not step.settings.get("in_doubt") or outcome.status is not StepStatus.OK:
        return outcome
    found = recovered(step)
    return replace(
        outcome,
        status=found.status,
        reason=found.reason,
        message=found.message,
        changed=found.changed,
    )


def recovered(step: Step) -> Outcome:
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
