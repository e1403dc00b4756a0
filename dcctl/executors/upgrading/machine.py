"""The upgrade of one element: the phases in their order, and what follows when one fails.

Until the release is activated a failure leads traffic back and leaves everything as it was. After
that a failure takes the old release back, by the device's own safety net where it has one, and
says what was then seen. Nothing is claimed that was not seen.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import JournalError, TargetError
from dcctl.executors import _outcomes
from dcctl.executors.upgrading import console, phases, waiting
from dcctl.executors.upgrading.ending import ended, not_begun, tell_findings
from dcctl.model.status import StepStatus
from dcctl.model.upgrade import Phase
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.executors.upgrading.element import Element
    from dcctl.model.outcome import Outcome

# --- the way through ---


def carry_out(element: Element) -> Outcome:
    """Upgrade the element; its one outcome.

    Raises:
        JournalError: what can't be written down must not go on.
    """
    try:
        if phases.precheck(element):
            element.journal.begin()
            return ended(element, StepStatus.OK, N_("it runs {release} already"))
        phases.snapshot(element)
        phases.verify(element)
        phases.look_live(element, Phase.PRECHECK)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was changed
        return not_begun(element, error)
    return touch(element)


def touch(element: Element) -> Outcome:
    """From the first byte that changes something to the end."""
    element.journal.begin()
    error = _failure(
        element, phases.prepare, phases.drain, lambda one: phases.look_live(one, Phase.ACTIVATE)
    )
    return switch(element) if error is None else back_out(element, error)


def switch(element: Element, begun: int = 0) -> Outcome:
    """Activate, prove, commit; `begun` counts the stages that are known to have arrived."""
    error = _failure(element, lambda one: phases.activate(one, begun), phases.prove)
    return finish(element) if error is None else take_back(element, error)


def finish(element: Element) -> Outcome:
    """Commit, lead traffic back, watch."""
    error = _failure(element, phases.commit)
    if error is not None and not element.is_committed():
        return take_back(element, error)
    element.armed_at = 0.0
    error = _failure(element, phases.undrain, phases.soak)
    if error is not None:
        return _unwell(element, error)
    with element.journal.phase(Phase.DONE):
        pass
    left = "; ".join(element.data.get("left", ()))
    by_hand = N_("{before} -> {release}; by hand now: {left}")
    return ended(
        element,
        StepStatus.CHANGED,
        by_hand if left else N_("{before} -> {release}"),
        left=left,
        changed=(f"release {element.order.running} -> {element.order.image.version}",),
    )


def _failure(element: Element, *acts: Callable[[Element], object]) -> Exception | None:
    """Do one after the other; the error that ended it, for whoever leads back or takes back.

    Raises:
        JournalError: what can't be written down must not go on.
    """
    try:
        for act in acts:
            act(element)
    except JournalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it has an answer and is told
        return error
    return None


# --- when something fails ---


def back_out(element: Element, error: Exception) -> Outcome:
    """Nothing was activated: it is seen to run the old release, and traffic goes back."""
    pending: list[str] = []
    second = _failure(element, lambda one: pending.extend(waiting.untouched(one)), phases.undrain)
    if second is not None:
        words = N_("not upgraded ({error}), and not seen to be as it was: {second}")
        return ended(element, StepStatus.ERROR, words, error=error, second=second)
    if pending:
        words = N_("not upgraded: {error}; traffic is as it was, still under way: {left}")
        return ended(element, StepStatus.FAILED, words, error=error, left="; ".join(pending))
    words = N_("not upgraded, and as it was: {error}")
    return ended(element, StepStatus.FAILED, words, error=error)


def take_back(element: Element, error: Exception) -> Outcome:
    """The old release again; then look, and say what the element has now."""
    tell_findings(element)
    element.journal.tell(Phase.GATE, "closed", why=str(_outcomes.message_of(error)))
    answers = not isinstance(error, waiting.NeverBackError)
    second = _failure(element, lambda one: _reverted(one, told=answers))
    if second is None:
        return old_again(element, error)
    if isinstance(second, waiting.NeverBackError):
        words = N_("it never came back: {error}")
        if console.TOLD in element.data:
            words = N_("it never came back: {error}; its console: {console}")
        return ended(element, StepStatus.ERROR, words, error=error)
    words = N_("not upgraded ({error}), and the old release was not seen again: {second}")
    return ended(element, StepStatus.ERROR, words, error=error, second=second)


def _reverted(element: Element, *, told: bool) -> None:
    with element.journal.phase(Phase.REVERT):
        waiting.reverted(element, told=told)


def old_again(element: Element, error: Exception) -> Outcome:
    """The old release runs: it must be as it was before traffic goes back to it."""
    element.armed_at = 0.0  # its safety net is spent, and no longer bounds how long we look
    second = _failure(element, waiting.all_old, lambda one: one.hold_neighbours(), _hold_gates)
    if second is not None:
        words = N_("{before} runs again ({error}), but all is not as it was: {second}")
        return ended(element, StepStatus.ERROR, words, error=error, second=second)
    second = _failure(element, phases.undrain)
    if second is not None:
        words = N_("{before} runs again ({error}), but traffic was not led back: {second}")
        return ended(element, StepStatus.ERROR, words, error=error, second=second)
    words = N_("taken back, {before} runs again: {error}")
    return ended(element, StepStatus.FAILED, words, error=error)


def _hold_gates(element: Element) -> None:
    element.hold_gates(clock.monotonic() + element.order.settle_s)


def _unwell(element: Element, error: Exception) -> Outcome:
    """It was committed and is not well with traffic on it: traffic goes round it again."""
    tell_findings(element)
    words = N_("{release} runs and is committed, but is not well: {error}")
    with suppress(TargetError):
        lines = element.upgrade.drain(element.target) if element.order.drain else ()
        if lines and not element.drained:
            with element.journal.phase(Phase.DRAIN, lines=list(lines)):
                element.detour.put(lines, lambda: None)
                element.drained = True
    return ended(element, StepStatus.ERROR, words, error=error)
