"""Build: plan, ask, apply; one run, one report."""

from __future__ import annotations

from dcctl.model.approval import APPROVED
from dcctl.model.record import RunRecord
from dcctl.workflows.approvals import approve
from dcctl.workflows.execute import execute
from dcctl.workflows.plan import PlanRequest, as_request, plan
from dcctl.workflows.services import Services


def build(request: PlanRequest, services: Services) -> RunRecord:
    """Make the selected targets what the estate says, then read and judge them.

    Raises:
        Refused: the plan, or what it takes away, was not approved.
    """
    services.require_may_change()
    made = plan(request, services)
    services.on_plan(made)
    approved = approve(made, services)
    request_of = {"verb": "build", **as_request(request), APPROVED: approved}
    return execute(made, services, request=request_of)
