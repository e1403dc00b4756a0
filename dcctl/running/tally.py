"""What a plan and the states of its steps add up to; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.model.status import NotStarted, RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.journal.fold import StepState
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Plan, Step, Wave


def steps_of(wave: Wave, plan: Plan) -> list[Step]:
    """The wave's steps, in the plan's order; one that names none has all of its targets'."""
    if wave.steps:
        chosen = set(wave.steps)
        return [step for step in plan.steps if step.id in chosen]
    members = set(wave.targets)
    return [step for step in plan.steps if step.target in members]


# What a resume takes up again.
_LATER = frozenset({NotStarted.INTERRUPTED, NotStarted.PAUSED, NotStarted.WINDOW})


def ended_as(plan: Plan, states: Mapping[str, StepState], *, cancelled: bool) -> RunStatus:
    """How a run that goes no further has ended."""
    if _is_whole(plan, states):
        return RunStatus.FINISHED
    doubtful = any(state.open for state in states.values())
    # Cancelled is given up, with every lock; what is in doubt has to be resumed, or given up
    # by a second request.
    return RunStatus.CANCELLED if cancelled and not doubtful else RunStatus.INTERRUPTED


def _is_whole(plan: Plan, states: Mapping[str, StepState]) -> bool:
    """Whether every step has an outcome that nobody's interruption made."""
    for name in {step.id for wave in plan.waves for step in steps_of(wave, plan)}:
        state = states.get(name)
        if state is None or state.open or state.outcome is None:
            return False
        if state.outcome.reason in _LATER:
            return False
    return True


def as_before(outcome: Outcome) -> bool:
    """Whether an upgrade that failed left its element as it was, with its traffic on it."""
    return outcome.status is StepStatus.FAILED and not outcome.data.get("drained", True)


def failures_allowed(plan: Plan) -> int | None:
    """How many targets may fail before nothing new is changed; None: any number."""
    asked = plan.options.get("max_failures")
    if asked is None:
        return None
    text = str(asked).strip()
    if text.endswith("%"):
        changing = {step.target for step in plan.steps if step.changes}
        return int(len(changing) * float(text[:-1]) / 100)
    return int(text)
