"""Standing alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import on_appliance, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _judge(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["alarms"]
    items = fact.items if fact else ()
    wrong = [
        f"{item.text} ({item.severity})"
        for item in items
        if item.severity in parameters["severities"]
    ]
    return verdict(
        wrong,
        good=N_("no alarm of weight stands"),
        bad=N_("standing alarms: {items}"),
        observed=[f"{item.severity}: {item.text}" for item in items],
        expected=[],
    )


CHECKS = (
    Check(
        id="alarms.none_severe",
        title=N_("No severe alarm stands"),
        pack="health",
        severity=Severity.HIGH,
        topics=("alarms",),
        judge=_judge,
        applies=on_appliance,
        parameters={"severities": ("critical", "major")},
        rationale=N_("The equipment knows of its own faults before anybody else does."),
        remediation=N_("Work off the alarm; if it is expected, suppress it on the equipment."),
        follows=("interfaces.links_up", "optics.receive_power", "time_sync.synchronised"),
    ),
)
