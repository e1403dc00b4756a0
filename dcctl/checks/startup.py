"""Whether a restart brings back the configuration that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, needs, on_appliance, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _saved(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["startup"]
    if fact.saved is None:
        return cannot_tell(N_("it does not say whether its configuration is saved"))
    if fact.saved:
        return passed(N_("what runs is what was saved"), observed=True)
    return failed(
        N_("what runs was not saved; lines that differ: {count}"),
        observed=fact.differing,
        expected=0,
        count=fact.differing or "?",
    )


CHECKS = (
    Check(
        id="startup.saved",
        title=N_("The configuration that runs is the one that is saved"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("startup",),
        judge=needs("startup", _saved),
        applies=on_appliance,
        rationale=N_("What was not saved is gone with the next power cut, mends and all."),
        remediation=N_("Look at what differs; save it, or take it back."),
    ),
)
