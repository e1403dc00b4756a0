"""Mandatory access control enforces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, needs, on_linux, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _enforcing(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["mandatory_access"]
    if not fact.system:
        return failed(N_("neither SELinux nor AppArmor is on"), observed="")
    if fact.enforcing is None:
        return cannot_tell(N_("{system} does not say whether it enforces"), system=fact.system)
    if not fact.enforcing:
        return failed(N_("{system} enforces nothing"), system=fact.system, observed=False)
    return passed(N_("{system} enforces"), system=fact.system, observed=fact)


CHECKS = (
    Check(
        id="mandatory_access.enforcing",
        title=N_("SELinux or AppArmor enforces"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("mandatory_access",),
        judge=needs("mandatory_access", _enforcing),
        applies=on_linux,
        rationale=N_("A service that was broken into must not reach all that root can."),
        remediation=N_("Switch it on in the boot parameters; set it to enforce."),
    ),
)
