"""Errors on the interfaces of a host whose routing processes count none themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import HOSTED, few_errors, needs, on_system
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _few(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    counted = {
        one.interface: max(one.in_errors, one.out_errors) for one in facts["error_counters"].items
    }
    return few_errors(counted, parameters["maximum"])


def _on_hosted(target: Target) -> str:
    if target.platform not in HOSTED:
        return N_("it counts errors itself, see interfaces.errors")
    return on_system(target)


CHECKS = (
    Check(
        id="error_counters.few",
        title=N_("The host's interfaces count no errors"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("error_counters",),
        judge=needs("error_counters", _few),
        applies=_on_hosted,
        parameters={"maximum": 100},
        rationale=N_(
            "Errors on an interface are lost packets, and a cable or optic on its way out."
        ),
        remediation=N_("Clean or replace cable and optics; clear the counters and look again."),
    ),
)
