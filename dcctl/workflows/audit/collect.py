"""Collect: read what the catalogue's checks need, and keep every raw answer; changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from dcctl import platforms, secrets
from dcctl.errors import InvalidInput
from dcctl.executors import conformity, keys, unchanged
from dcctl.executors.evidence import redacted
from dcctl.facts.upgrade_record import GateResult, UpgradeRecord
from dcctl.journal.redaction import redact_content
from dcctl.model import plain
from dcctl.model.outcome import GateFinding
from dcctl.model.status import GateStatus
from dcctl.planning.peers import with_peers
from dcctl.planning.render import render
from dcctl.standards import Live
from dcctl.workflows.audit import again, assets
from dcctl.workflows.audit.sample import drawn
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.plan import reading_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.contracts import Platform
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Plan, Step
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.workflows.services import Services

VERB = "audit"
_OF_NO_DEVICE = {conformity.TOPIC, again.UPGRADE}  # topics that the evidence itself tells


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectRequest:
    """Which targets."""

    limit: str | None = None
    sample: str = ""  # a share of each stratum (10%), or a number of all (300); empty: all
    seed: str = ""  # which ones; empty: made up, and kept


def collect(request: CollectRequest, services: Services) -> RunRecord:
    """Read the selected targets; nothing is judged, so that it can be judged by any standard."""
    chosen = select(services, request.limit)
    asked = {"verb": VERB, **asdict(request)}
    if request.sample:
        chosen, sample = drawn(chosen, request.sample, request.seed)
        asked |= {"sample": plain.to_plain(sample), "seed": sample.seed}
    return execute(plan_of(chosen, services), services, request=asked)


def plan_of(chosen: Mapping[str, Target], services: Services) -> Plan:
    """What is read of these targets, whoever reads it."""
    targets = with_peers(chosen, services.estate, services.roles)
    asked = sorted(
        {
            check
            for row in catalogue()
            if isinstance(row.answer, Live)
            for check in row.answer.checks
        }
    )
    said = _said(services.estate.site_config.checks)
    heard = assets.expected(targets, services.estate)
    upgraded = services.journal.upgrades()
    steps = [
        _unjudged(
            reading_step(one, asked, name="evidence"),
            {
                "site": {**said, **heard.get(one.name, {})},
                again.UPGRADE: upgrade_of(*upgraded[one.name]) if one.name in upgraded else None,
                **_intended(one, services),
            },
        )
        for one in targets.values()
    ]
    return simple_plan(VERB, targets, steps, services)


def _said(site: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the site says where the catalogue lets it say something; kept with the evidence."""
    found: dict[str, dict[str, Any]] = {}
    for row in catalogue():
        for check, names in row.site.items():
            values = {name: site[check][name] for name in names if name in (site.get(check) or {})}
            found |= {check: {**found.get(check, {}), **values}} if values else {}
    return found


def _intended(target: Target, services: Services) -> dict[str, str]:
    """The configuration that the estate wants it to have, as it may be kept; or why there is none.

    No device is asked about it: what runs is read anyway.
    """
    platform = platforms.get(target.platform) if target.managed else None
    if platform is None or platform.change is None:
        return {}
    try:
        text = render(target, services.template_paths)
    except InvalidInput as problem:
        return {"not_intended": str(problem)}
    return {"intended": as_kept(text, platform)}


def upgrade_of(run: str, outcome: Outcome) -> dict[str, Any]:
    """What the journal's record of an upgrade says, as it is kept with the evidence."""
    told = [plain.from_plain(GateFinding, one) for one in outcome.data.get("gates", ())]
    fact = UpgradeRecord(
        run=run,
        ended_at=outcome.finished_at,
        status=outcome.status.value,
        release=str(outcome.data.get("to", "")),
        passed=sum(one.status is GateStatus.PASS for one in told),
        others=tuple(
            GateResult(
                gate=one.gate,
                subject=one.subject,
                status=one.status.value,
                message=str(one.message),
            )
            for one in told
            if one.status is not GateStatus.PASS
        ),
    )
    found: dict[str, Any] = plain.to_plain(fact)
    return found


def as_kept(text: str, platform: Platform) -> str:
    """An intended configuration without its secrets, as answers of devices are kept."""
    named = secrets.redact(keys.nameless(text))
    return redact_content(redacted(named, platform)).decode()


def _unjudged(step: Step, told: Mapping[str, Any]) -> Step:
    """Read what is asked for, and whether reading it changed anything."""
    topics = {*step.settings["topics"], unchanged.TOPIC} - _OF_NO_DEVICE
    return replace(step, settings={"topics": sorted(topics), **told})
