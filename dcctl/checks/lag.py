"""Bonds: two links, to two switches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _redundant(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    lags, lldp = facts["lag"], facts["lldp"]
    if lags is None:
        return failed(N_("none of its links is bonded"), observed=[])
    wrong, observed = [], {}
    for lag in lags.items:
        active = [member.interface for member in lag.members if member.active]
        systems = {item.system for item in (lldp.items if lldp else ()) if item.interface in active}
        observed[lag.name] = {"active": active, "systems": sorted(systems)}
        if not lag.up or len(active) < parameters["minimum"]:
            wrong.append(f"{lag.name}: {len(active)} / {parameters['minimum']}")
        elif not systems:
            return cannot_tell(N_("nobody is heard on the links of {name}"), name=lag.name)
        elif len(systems) < parameters["systems"]:
            wrong.append(f"{lag.name}: {', '.join(sorted(systems))}")
    return verdict(
        wrong,
        good=N_("every bond has several links, to several switches"),
        bad=N_("bonds with too few links, or all to one switch: {items}"),
        observed=observed,
    )


CHECKS = (
    Check(
        id="lag.redundant",
        title=N_("Links are bonded, to two switches"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("lag", "lldp"),
        judge=_redundant,
        applies=on_linux,
        parameters={"minimum": 2, "systems": 2},
        rationale=N_("A switch is restarted for every upgrade; the service must not notice."),
        remediation=N_("Bring the link up; move one of the cables to the other switch."),
        follows=("interfaces.links_up",),
    ),
)
