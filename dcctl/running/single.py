"""One step of one target: read, observe, reconcile, or hand to its executor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import JournalError
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.running import observing, reading, reconciling, window
from dcctl.running.mishaps import error_of, from_error
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.plan import Step
    from dcctl.running.shard import ShardWork


def is_batched(work: ShardWork, step: Step) -> bool:
    """Whether `step` waits for those of the other targets."""
    executor = work.executors.get(step.executor)
    if executor is None or step.kind is StepKind.COLLECT:
        return False
    return executor.batches or "together" in step.settings


def prepare(work: ShardWork, step: Step) -> None:
    """What a batched step needs before the others come: done side by side, a target each."""
    if step.kind is StepKind.OBSERVE:
        observing.look(work, step)
    else:
        observing.precondition(work, step)


def do(work: ShardWork, step: Step) -> None:
    """Do `step`, or say why not; it then has its outcome, unless the run was aborted."""
    if step.changes:
        observing.precondition(work, step)
    verdict = work.ledger.verdict(step) or window.closed(work, step) or observing.idle(work, step)
    if verdict is not None:
        work.finish(step, verdict)
    elif step.kind is StepKind.COLLECT:
        reading.collect(work, step)
    elif step.kind is StepKind.OBSERVE:
        observing.look(work, step)
        observing.predict(work, [step])
    elif step.changes and step.id in work.ledger.attempts:
        left = reconciling.reconcile(work, [step])
        hand_over(work, [reconciling.completing(one, work.shard) for one in left])
    else:
        hand_over(work, [step])


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
                work.finish(step, reconciling.told(step, outcome))
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever an executor raises is its steps' outcome
        for step in waiting.values():
            work.finish(step, from_error(step, error))
        return
    words = Text(N_("{name} gave no outcome"), {"name": executor.name})
    for step in waiting.values():
        work.finish(step, error_of(step, words))
