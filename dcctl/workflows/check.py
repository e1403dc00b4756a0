"""Check: read facts, judge them; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dcctl import checks
from dcctl.errors import NotFound
from dcctl.model.record import RunRecord
from dcctl.planning.peers import with_peers
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.plan import judged_checks, reading_step
from dcctl.workflows.services import Services, find_site, open_site


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """Which targets, and which checks: ids, packs, or wildcards."""

    limit: str | None = None
    checks: tuple[str, ...] = ("health",)


def parameters(site: Path | None) -> Mapping[str, Mapping[str, Any]]:
    """Every check's parameters as the site has them; outside of a site, the checks' own.

    Raises:
        NotFound: `site` is none. InvalidInput: its files are wrong.
    """
    ids = tuple(checks.all_checks())
    try:
        root = find_site(site)
    except NotFound:
        if site is not None:
            raise
        return checks.tailor(ids)
    with open_site(root) as services:
        return checks.tailor(ids, services.estate.site_config.checks)


def check(request: CheckRequest, services: Services) -> RunRecord:
    """Read the selected targets and judge them: one finding for each check on each target."""
    # Checks compare with what serves a target (time, logs), as roles do.
    targets = with_peers(select(services, request.limit), services.estate, services.roles)
    judged = judged_checks(request.checks, services)
    steps = [reading_step(target, judged) for target in targets.values()]
    plan = simple_plan("check", targets, steps, services, checks=judged)
    return execute(plan, services, request={"verb": "check", **asdict(request)})
