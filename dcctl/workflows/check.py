"""Check: read facts, judge them; changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from dcctl.model.record import RunRecord
from dcctl.planning.peers import with_peers
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.plan import judged_checks, reading_step
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """Which targets, and which checks: ids, packs, or wildcards."""

    limit: str | None = None
    checks: tuple[str, ...] = ("health",)


def check(request: CheckRequest, services: Services) -> RunRecord:
    """Read the selected targets and judge them: one finding for each check on each target."""
    # Checks compare with what serves a target (time, logs), as roles do.
    targets = with_peers(select(services, request.limit), services.estate, services.roles)
    judged = judged_checks(request.checks, services)
    steps = [reading_step(target, judged) for target in targets.values()]
    plan = simple_plan("check", targets, steps, services, checks=judged)
    return execute(plan, services, request={"verb": "check", **asdict(request)})
