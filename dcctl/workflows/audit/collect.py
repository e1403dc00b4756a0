"""Collect: read what the catalogue's checks need, and keep every raw answer; changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from dcctl.planning.peers import with_peers
from dcctl.standards import Live
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.plan import reading_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.plan import Plan, Step
    from dcctl.model.record import RunRecord
    from dcctl.workflows.services import Services

VERB = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectRequest:
    """Which targets."""

    limit: str | None = None


def collect(request: CollectRequest, services: Services) -> RunRecord:
    """Read the selected targets; nothing is judged, so that it can be judged by any standard."""
    plan = plan_of(request, services)
    return execute(plan, services, request={"verb": VERB, **asdict(request)})


def plan_of(request: CollectRequest, services: Services) -> Plan:
    """What is read of the selected targets, whoever reads it."""
    targets = with_peers(select(services, request.limit), services.estate, services.roles)
    asked = sorted(
        {
            check
            for row in catalogue()
            if isinstance(row.answer, Live)
            for check in row.answer.checks
        }
    )
    said = _said(services.estate.site_config.checks)
    steps = [_unjudged(reading_step(one, asked, name="evidence"), said) for one in targets.values()]
    return simple_plan(VERB, targets, steps, services)


def _said(site: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the site says where the catalogue lets it say something; kept with the evidence."""
    found: dict[str, dict[str, Any]] = {}
    for row in catalogue():
        for check, names in row.site.items():
            values = {name: site[check][name] for name in names if name in (site.get(check) or {})}
            found |= {check: {**found.get(check, {}), **values}} if values else {}
    return found


def _unjudged(step: Step, said: Mapping[str, Mapping[str, Any]]) -> Step:
    return replace(step, settings={"topics": step.settings["topics"], "site": said})
