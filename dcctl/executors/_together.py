"""Guarded changes that stand or fall together; a change by itself is a group of one.

Every member goes through a phase before any goes into the next: none is touched unless all could
be, and none is confirmed unless all have proved well.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dcctl.errors import CommandFailed, ConfigurationLocked, JournalError
from dcctl.executors import _outcomes
from dcctl.model.status import NotStarted, StepStatus
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dcctl.executors._change import GuardedChange
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step

_NEW = frozenset({StepStatus.OK, StepStatus.CHANGED})
_Failures = dict[str, Exception]  # by target


def carry_out(changes: Sequence[GuardedChange]) -> list[Outcome]:
    """Do them all, or none; exactly one outcome for each, in their order."""
    doomed = [change for change in changes if change.step.settings.get("undo")]
    if doomed:
        return _each(doomed, lambda change: change.undone())
    try:
        found = _carry_out(changes)
    finally:
        for change in changes:
            change.close()  # whatever broke us off: what waits in a session goes with it
    return _told(changes, found)


def _carry_out(changes: Sequence[GuardedChange]) -> dict[str, Outcome]:
    failures = _settled(changes) or _phase(changes, lambda change: change.prepare())
    if failures:
        return {
            change.step.target: _not_begun(change, failures.get(change.step.target))
            for change in changes
        }
    moving = [change for change in changes if not change.idle]
    found = {c.step.target: c.done() for c in changes if c.idle}
    failures = _phase(moving, lambda change: change.begin())
    if failures:
        first = next(iter(failures.values()))
        return found | {c.step.target: failed_before(c, first) for c in moving}
    for phase in (_apply, _prove, _confirm):
        failures = _phase(moving, phase)
        if failures:
            return found | _ended(moving, failures)
    return found | {change.step.target: change.done() for change in moving}


def _apply(change: GuardedChange) -> None:
    change.apply()


def _prove(change: GuardedChange) -> None:
    change.prove()


def _confirm(change: GuardedChange) -> None:
    change.confirm()


def _settled(changes: Sequence[GuardedChange]) -> _Failures:
    """End what a process that died had begun: confirmed where all of it is there and well."""
    doubtful = [change for change in changes if change.in_doubt]
    if not doubtful:
        return {}
    there: dict[str, bool] = {}

    def look(change: GuardedChange) -> None:
        well = change.arrived() and change.neighbours.see_all()
        there[change.step.target] = well

    failures = _phase(changes, look)
    whole = not failures and all(there.values())
    return failures or _phase(doubtful, lambda change: change.settle(confirmed=whole))


def _ended(changes: Sequence[GuardedChange], failures: _Failures) -> dict[str, Outcome]:
    """After a failure: what is confirmed stays and is told; all others are taken back."""
    first = next(iter(failures.values()))
    fellow = CommandFailed(
        N_("{name}, which it stands or falls with, failed: {error}"),
        name=next(iter(failures)),
        error=str(_outcomes.message_of(first)),
    )

    def end(change: GuardedChange) -> Outcome:
        if change.confirmed and change.step.target not in failures:
            return change.done()
        return change.taken_back(failures.get(change.step.target, fellow))

    outcomes = _each(changes, end)
    return {outcome.target: outcome for outcome in outcomes}


def _not_begun(change: GuardedChange, error: Exception | None) -> Outcome:
    if error is not None:
        return failed_before(change, error)
    if change.idle:
        return change.done()
    return without_its_group(change.step, change.started)


def failed_before(change: GuardedChange, error: Exception) -> Outcome:
    """The outcome of a change that could not begin: nothing was sent."""
    if isinstance(error, JournalError):
        raise error
    if isinstance(error, ConfigurationLocked):
        return _outcomes.finished(
            change.step,
            StepStatus.NOT_STARTED,
            change.started,
            reason=NotStarted.LOCKED.value,
            message=error.text,
        )
    return _outcomes.from_error(change.step, error, change.started)


def without_its_group(step: Step, started: str) -> Outcome:
    """The outcome of a member of which nothing is wrong, in a group that can't begin."""
    words = N_("not begun: another member of its group could not be changed")
    return _outcomes.finished(
        step,
        StepStatus.NOT_STARTED,
        started,
        reason=NotStarted.TOGETHER.value,
        message=Text(words),
    )


def _told(changes: Sequence[GuardedChange], found: Mapping[str, Outcome]) -> list[Outcome]:
    """The outcomes; where a group ended half changed, each says which half is where."""
    before = _settings(changes).get("ended", {})
    states = {name: StepStatus(status) for name, status in before.items()}
    states |= {name: outcome.status for name, outcome in found.items()}
    new = sorted(name for name, status in states.items() if status in _NEW)
    unsure = sorted(name for name, status in states.items() if status is StepStatus.ERROR)
    old = sorted(set(states) - set(new) - set(unsure))
    outcomes = [found[change.step.target] for change in changes]
    touched = any(outcome.status in _TOUCHED for outcome in outcomes)
    if len(states) == 1 or not (new or unsure) or not (old or unsure) or not touched:
        return outcomes
    told = {"new": new, "old": old, "unknown": unsure}
    return [_half(outcome, told) for outcome in outcomes]


_TOUCHED = frozenset({StepStatus.CHANGED, StepStatus.FAILED, StepStatus.ERROR})


def _half(outcome: Outcome, told: Mapping[str, Sequence[str]]) -> Outcome:
    words = N_(
        "its group is half changed (new: {new}; old: {old}; not known: {unknown}): {message}"
    )
    params = {name: ", ".join(names) or "-" for name, names in told.items()}
    return replace(
        outcome,
        status=StepStatus.ERROR if outcome.status is StepStatus.CHANGED else outcome.status,
        message=Text(words, {**params, "message": str(outcome.message)}),
        data={**outcome.data, "together": {name: list(names) for name, names in told.items()}},
    )


def _settings(changes: Sequence[GuardedChange]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = changes[0].step.settings.get("together") or {}
    return found


def _each(
    changes: Sequence[GuardedChange], act: Callable[[GuardedChange], Outcome]
) -> list[Outcome]:
    """`act` on all, side by side; what it raises becomes the outcome."""
    found: dict[str, Outcome] = {}

    def one(change: GuardedChange) -> None:
        found[change.step.target] = act(change)

    failures = _phase(changes, one)
    for change in changes:
        error = failures.get(change.step.target)
        if error is not None:
            found[change.step.target] = _outcomes.from_error(change.step, error, change.started)
    return [found[change.step.target] for change in changes]


def _phase(changes: Sequence[GuardedChange], act: Callable[[GuardedChange], object]) -> _Failures:
    """`act` on all, side by side, and what it raised; waits for every one.

    Raises:
        JournalError: what can't be written down must not go on.
    """

    def one(change: GuardedChange) -> Exception | None:
        try:
            act(change)
        except Exception as error:  # noqa: BLE001 - becomes the outcome of its step
            return error
        return None

    if len(changes) == 1:
        errors = [one(changes[0])]
    else:
        with ThreadPoolExecutor(max(1, len(changes))) as pool:
            errors = list(pool.map(one, changes))
    failures = {c.step.target: e for c, e in zip(changes, errors, strict=True) if e is not None}
    for error in failures.values():
        if isinstance(error, JournalError):
            raise error
    return failures
