"""Accounts that nobody uses any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, listed, needs, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _idle(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    watched = [
        item
        for item in facts["account_ages"].items
        if not item.expired and item.name not in parameters["ignore"]
    ]
    wrong = [
        f"{item.name} ({item.idle_days} d)"
        for item in watched
        if item.idle_days is not None and item.idle_days > parameters["maximum_days"]
    ]
    unknown = [item.name for item in watched if item.idle_days is None]
    if unknown and not wrong:
        return cannot_tell(
            N_("nothing tells when they last logged in: {items}"), items=listed(unknown)
        )
    return verdict(
        wrong,
        good=N_("every account that may log in is used"),
        bad=N_("accounts that nobody uses and that may log in: {items}"),
        observed={item.name: item.idle_days for item in watched},
        expected=f"<= {parameters['maximum_days']} d",
    )


CHECKS = (
    Check(
        id="accounts.idle",
        title=N_("Accounts that nobody uses are off"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("account_ages",),
        judge=needs("account_ages", _idle),
        applies=on_linux,
        parameters={"maximum_days": 45, "ignore": ()},
        rationale=N_("Nobody notices that a forgotten account is used again."),
        remediation=N_("Ask its owner; then expire the account, or remove it."),
    ),
)
