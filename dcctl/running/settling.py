"""Whether waiting may mend what a reading found: what this plan changes may still come up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl import checks
from dcctl.model.status import FindingStatus, NotEvaluated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from dcctl.model.outcome import Finding
    from dcctl.model.plan import Step
    from dcctl.model.target import Target

    Judge = Callable[[Target], Iterable[Finding]]

# What nothing here will mend may mend by itself: a neighbour outside the plan that is up already.
GRACE_S = 20.0
UNSETTLED = frozenset({FindingStatus.FAIL, FindingStatus.PARTIAL})
_MAY_COME = frozenset({NotEvaluated.UNREACHABLE.value, NotEvaluated.ERROR.value})


def unsettled(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Those of `findings` that time may mend, by check."""
    return {f.check: f for f in findings if f.status in UNSETTLED or f.reason in _MAY_COME}


def may_come(
    step: Step,
    target: Target,
    late: dict[str, Finding],
    judge: Judge,
    unwell: Collection[str] = (),
) -> bool:
    """Whether what the run changed may still mend one of the `late` findings.

    Args:
        step: the reading; `awaited` and `failing` of its settings say what its plan expects.
        target: what was read.
        late: what `unsettled` gave.
        judge: judges the same readings as if the target were another.
        unwell: targets whose change did not end well; nothing of theirs will come up.
    """
    if step.settings.get("verify") or "awaited" not in step.settings:
        return bool(late)  # all of it passed before, or nobody knows
    lost = target.name in unwell
    awaited = () if lost else {str(n) for n in step.settings["awaited"]} - set(unwell)
    within = unsettled(judge(_linked(target, awaited)))
    unlinked = unsettled(judge(_linked(target, ())))
    outside = late.keys() - within.keys()
    failing = step.settings.get("failing") or {}
    for name in late.keys() & within.keys():
        if name not in unlinked:
            return True  # a link within the plan
        as_before = str(late[name].message) == failing.get(name)
        if not (lost or as_before or checks.causes(name) & outside):
            return True
    return False


def _linked(target: Target, peers: Collection[str]) -> Target:
    """The target as if it had no link but those to `peers`."""
    kept = tuple(i for i in target.interfaces if not i.link or i.peer in peers)
    return replace(target, interfaces=kept)
