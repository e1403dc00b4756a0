"""Collect: read what the catalogue's checks need, and keep every raw answer; changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from dcctl.planning.peers import with_peers
from dcctl.standards import Live
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.plan import reading_step

if TYPE_CHECKING:
    from dcctl.model.plan import Step
    from dcctl.model.record import RunRecord
    from dcctl.workflows.services import Services

VERB = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectRequest:
    """Which targets."""

    limit: str | None = None


def collect(request: CollectRequest, services: Services) -> RunRecord:
    """Read the selected targets; nothing is judged, so that it can be judged by any standard."""
    targets = with_peers(select(services, request.limit), services.estate, services.roles)
    asked = sorted(
        {
            check
            for row in catalogue()
            if isinstance(row.answer, Live)
            for check in row.answer.checks
        }
    )
    steps = [_unjudged(reading_step(one, asked, name="evidence")) for one in targets.values()]
    plan = simple_plan(VERB, targets, steps, services)
    return execute(plan, services, request={"verb": VERB, **asdict(request)})


def _unjudged(step: Step) -> Step:
    return replace(step, settings={"topics": step.settings["topics"]})
