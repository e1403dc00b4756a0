"""What takes an approval of its own, beyond that of the plan: asked, or given on the command line.

What was approved stands in the run's request, and reaches the executors from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dcctl.errors import Refused
from dcctl.model.approval import Approval
from dcctl.text import N_
from dcctl.workflows.approve import require_approvals

if TYPE_CHECKING:
    from dcctl.model.plan import Plan
    from dcctl.workflows.services import Services

_SHOWN = 300  # characters of lines that an error names


def approve(plan: Plan, services: Services) -> list[str]:
    """Ask for the plan, then for what it holds that is more dangerous; what was approved.

    Raises:
        Refused: too few people signed it, or the plan or a part of it was not approved.
    """
    require_approvals(plan, services)
    lines = destructive(plan)
    given = set(services.approvals)
    if lines and Approval.DESTRUCTIVE not in given and not services.can_ask:
        raise _refused(lines)
    if not services.approve(plan):
        raise Refused(
            N_("the plan {hash} was not approved; nothing was run"),
            hint=N_("look at it, then run it with `dcctl apply {hash}`"),
            hash=plan.hash[:12],
        )
    if lines and Approval.DESTRUCTIVE not in given:
        if not services.approve_destructive(lines):
            raise _refused(lines)
        given.add(Approval.DESTRUCTIVE)
    return sorted(one.value for one in given)


def destructive(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Target -> the lines of the plan that take something away from it."""
    found: dict[str, tuple[str, ...]] = {}
    for step in plan.steps:
        lines = tuple(step.remediation.get("destructive", ()))
        if step.changes and lines:
            found[step.target] = (*found.get(step.target, ()), *lines)
    return found


def _refused(lines: Mapping[str, tuple[str, ...]]) -> Refused:
    told = "; ".join(f"{name}: {', '.join(of)}" for name, of in lines.items())
    return Refused(
        N_("not approved, and nothing was run: it takes away {lines}"),
        hint=N_("look at them, then allow them with --approve-destructive"),
        lines=told if len(told) <= _SHOWN else told[:_SHOWN] + " …",
    )
