"""What an exception becomes: an outcome of its step, never the run's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import CommandFailed, DcctlError, Interrupted, Refused, Unreachable
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from dcctl.running.ledger import not_started
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from dcctl.model.plan import Step


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
    return Outcome(step=step.id, target=step.target, status=status, message=words_of(error))


def words_of(error: Exception) -> Text:
    """What a person reads of `error`; ours keep their message id."""
    if isinstance(error, DcctlError):
        return error.text
    return Text(N_("{kind}: {error}"), {"kind": type(error).__name__, "error": str(error)[:300]})


def error_of(step: Step, message: Text) -> Outcome:
    """We could not tell."""
    return Outcome(step=step.id, target=step.target, status=StepStatus.ERROR, message=message)
