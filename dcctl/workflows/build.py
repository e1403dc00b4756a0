"""Build: plan, ask, apply; one run, one report."""

from __future__ import annotations

from dcctl.errors import Refused
from dcctl.model.record import RunRecord
from dcctl.text import N_
from dcctl.workflows.execute import execute
from dcctl.workflows.plan import PlanRequest, as_request, plan
from dcctl.workflows.services import Services


def build(request: PlanRequest, services: Services) -> RunRecord:
    """Make the selected targets what the estate says, then read and judge them.

    Raises:
        Refused: the plan was not approved.
    """
    services.require_pinned_journal()
    made = plan(request, services)
    services.on_plan(made)
    if not services.approve(made):
        raise Refused(
            N_("the plan {hash} was not approved; nothing was run"),
            hint=N_("look at it, then run it with `dcctl apply {hash}`"),
            hash=made.hash[:12],
        )
    return execute(made, services, request={"verb": "build", **as_request(request)})
