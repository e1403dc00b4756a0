"""The system-wide policy of cryptography allows nothing old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, not_applicable, on_linux, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _strict(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["crypto_policy"]
    if fact is None:
        return not_applicable(N_("it has no system-wide policy of cryptography"))
    base, *modules = fact.policy.upper().split(":")
    loose = base not in parameters["accept"] or any(
        module in parameters["refuse"] for module in modules
    )
    judge = failed if loose else passed
    return judge(
        N_("its policy of cryptography is {policy}"),
        observed=fact.policy,
        expected=list(parameters["accept"]),
        policy=fact.policy,
    )


CHECKS = (
    Check(
        id="crypto_policy.strict",
        title=N_("The system's policy of cryptography allows nothing old"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("crypto_policy",),
        judge=_strict,
        applies=on_linux,
        parameters={
            "accept": ("DEFAULT", "FUTURE", "FIPS"),
            "refuse": ("SHA1", "AD-SUPPORT", "AD-SUPPORT-LEGACY"),
        },
        rationale=N_("One policy decides what every program on the server may still agree to."),
        remediation=N_("Set it with `update-crypto-policies --set DEFAULT`, or FUTURE."),
    ),
)
