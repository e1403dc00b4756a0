"""Observing: the fingerprints of targets, and what steps would change; nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import JournalError, Unreachable
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning.plan import UNOBSERVED
from dcctl.running.mishaps import from_error, words_of
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.target import Target
    from dcctl.running.shard import ShardWork


def precondition(work: ShardWork, step: Step) -> None:
    """Before a target's first change, read again what will change; refuse one that moved."""
    target = work.targets[step.target]
    expected = work.shard.preconditions.get(target.name)
    if not step.changes or expected is None or target.name in work.checked:
        return
    if work.ledger.verdict(step) is not None:
        return
    work.checked.add(target.name)
    steps = _fingerprinted(work, target)
    if target.name in work.shard.begun or any(s.id in work.ledger.attempts for s in steps):
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
            {"error": str(words_of(error))},
        )
        work.ledger.refuse(target.name, NotStarted.STALE, words)
        return
    work.emit(EventKind.PRECONDITION, target=target.name, expected=expected, observed=observed)
    if observed == expected:
        work.unmoved.add(target.name)
    elif expected == UNOBSERVED:
        words = Text(N_("the target was not observed when the plan was made; make a new plan"))
        work.ledger.refuse(target.name, NotStarted.UNOBSERVED, words)
    else:
        words = Text(N_("the target moved since it was observed; make a new plan"))
        work.ledger.refuse(target.name, NotStarted.STALE, words)


def idle(work: ShardWork, step: Step) -> Outcome | None:
    """The outcome of a step that was proved to change nothing, so that it need not be run.

    The proof: it was observed to change nothing, as was every change of the target before it, and
    the target is still what was observed: by the executor whose fingerprint was compared.
    """
    if not step.changes or step.target not in work.unmoved or step.id in work.ledger.attempts:
        return None
    if step.executor != _fingerprinted(work, work.targets[step.target])[0].executor:
        return None
    for other in work.shard.steps:
        if other.target == step.target and other.changes and other.predicted != ():
            return None
        if other.id == step.id:
            break
    words = Text(N_("nothing to do: observed so, and the target has not moved since"))
    return Outcome(step=step.id, target=step.target, status=StepStatus.OK, message=words)


def _take(work: ShardWork, step: Step) -> Step:
    queue = work.lanes[step.target].queue
    if queue and queue[0] is step:
        queue.popleft()
    return step


def _fingerprinted(work: ShardWork, target: Target) -> list[Step]:
    """The changing steps that the plan's fingerprint was made of: the last executor's.

    Those that this run is through with are among them: without them it would be another one.
    """
    every = (*work.shard.settled, *work.shard.steps)
    changing = [step for step in every if step.target == target.name and step.changes]
    last = list(dict.fromkeys(step.executor for step in changing))[-1]
    return [step for step in changing if step.executor == last]


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
        data: dict[str, Any] = {
            "predicted": {one.id: predicted.get(one.id) for one in inner[step.id]},
            "fingerprint": work.prints[step.id],
        }
        told = {one.id: work.remediations.get(one.id) for one in inner[step.id]}
        if any(told.values()):
            data["remediations"] = {name: one for name, one in told.items() if one}
        work.finish(
            step,
            Outcome(
                step=step.id,
                target=step.target,
                status=StepStatus.OK,
                message=_unpredicted(work, inner[step.id]),
                data=plain.to_plain(data),
            ),
        )


def _unpredicted(work: ShardWork, steps: Sequence[Step]) -> Text:
    """Why it is not known what some of `steps` would change, as their executor told it."""
    reasons = dict.fromkeys(work.unpredicted[s.id] for s in steps if s.id in work.unpredicted)
    if not reasons:
        return Text("")
    return Text(N_("what it would change is not known: {reason}"), {"reason": "; ".join(reasons)})
