"""The one outcome of an upgrade: what the element has now, and what the gates said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.errors import StalePlan, Unreachable
from dcctl.executors import _outcomes
from dcctl.executors.upgrading import console
from dcctl.model import plain
from dcctl.model.status import NotStarted, StepStatus
from dcctl.model.upgrade import Phase
from dcctl.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.executors.upgrading.element import Element
    from dcctl.model.outcome import Outcome


def ended(
    element: Element,
    status: StepStatus,
    words: str,
    *,
    error: Exception | None = None,
    second: Exception | None = None,
    left: str = "",
    changed: Sequence[str] = (),
) -> Outcome:
    """The step's outcome; `words` may name before, release, left, console, error, second."""
    params: dict[str, Any] = {
        "before": element.order.running,
        "release": element.order.image.version,
        "left": left,
        "console": element.data.get(console.TOLD, ""),
    }
    if error is not None:
        params["error"] = _outcomes.message_of(error)
    if second is not None:
        params["second"] = _outcomes.message_of(second)
    return _outcomes.finished(
        element.step,
        status,
        element.started,
        message=Text(words, params),
        changed=tuple(changed),
        **_told(element),
    )


def not_begun(element: Element, error: Exception) -> Outcome:
    """It was not begun: away, no longer as planned, or not fit to be touched."""
    step, started = element.step, element.started
    if isinstance(error, Unreachable):
        return _outcomes.from_error(step, error, started, **_told(element))
    reason = NotStarted.STALE if isinstance(error, StalePlan) else NotStarted.REFUSED
    return _outcomes.finished(
        step,
        StepStatus.NOT_STARTED,
        started,
        reason=reason.value,
        message=_outcomes.message_of(error),
        **_told(element),
    )


def tell_findings(element: Element) -> None:
    """Write down what the gates said when one of them closed."""
    if element.findings:
        told = [plain.to_plain(one) for one in element.findings]
        element.journal.tell(Phase.GATE, "told", findings=told)
        stops = [plain.to_plain(one) for one in element.findings if one.stops]
        element.data["stopped_by"] = stops


def _told(element: Element) -> dict[str, Any]:
    data = {
        **element.data,
        "from": element.order.running,
        "to": element.order.image.version,
        "net": element.net.value,
        "drained": element.drained,
        "took": element.journal.took,
        "gates": [plain.to_plain(one) for one in element.findings],
    }
    return {"data": data, "evidence": tuple(element.evidence)}
