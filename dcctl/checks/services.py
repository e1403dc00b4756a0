"""Services: none has failed, the required ones run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import needs, on_linux, setting, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _none_failed(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["services"]
    failed_units = [unit.name for unit in (fact.units if fact else ()) if unit.active == "failed"]
    wrong = [name for name in failed_units if name not in parameters["ignore"]]
    return verdict(
        wrong, good=N_("no unit has failed"), bad=N_("units that failed: {items}"), expected=[]
    )


def _wanted(target: Target) -> tuple[str, ...]:
    return tuple(str(unit) for unit in setting(target, "services.units", ()))


def _requires(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    return "" if _wanted(target) else N_("the estate requires no service of it")


def _required(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["services"]
    wrong, observed = [], {}
    for name in _wanted(target):
        unit = fact.unit(name) if fact else None
        observed[name] = f"{unit.active} {unit.enabled}".strip() if unit else "absent"
        if unit is None or unit.active != "active":
            wrong.append(f"{name} ({unit.active if unit else 'absent'})")
    return verdict(
        wrong,
        good=N_("every required service runs"),
        bad=N_("services that do not run: {items}"),
        observed=observed,
        expected=dict.fromkeys(observed, "active"),
    )


CHECKS = (
    Check(
        id="services.none_failed",
        title=N_("No service has failed"),
        pack="health",
        severity=Severity.HIGH,
        topics=("services",),
        judge=needs("services", _none_failed),
        applies=on_linux,
        parameters={"ignore": ()},
        rationale=N_("What failed and was not noticed is found by its users."),
        remediation=N_("Read the unit's log; correct the cause; reset the failed state."),
        follows=("services.required", "backup.age", "volume.health"),
    ),
    Check(
        id="services.required",
        title=N_("Required services run"),
        pack="health",
        severity=Severity.HIGH,
        topics=("services",),
        judge=_required,
        applies=_requires,
        rationale=N_("The estate says what a server is there for."),
        remediation=N_("Start and enable the unit; read its log if it does not stay."),
        follows=("services.none_failed",),
    ),
)
