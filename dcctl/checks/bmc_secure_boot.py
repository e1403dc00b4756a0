"""A server starts signed software only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, verdict
from dcctl.contracts import Judgement
from dcctl.model.target import Target
from dcctl.text import N_

_REFUSES_NOTHING = ("SetupMode", "AuditMode")


def _enabled(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    items = facts["bmc_secure_boot"].items
    wrong = [
        f"{one.system} ({one.current or '-'}, {one.mode or '-'})"
        for one in items
        if one.enabled is False or one.current == "Disabled" or one.mode in _REFUSES_NOTHING
    ]
    silent = not items or any(one.enabled is None or one.current != "Enabled" for one in items)
    if silent and not wrong:
        return cannot_tell(N_("it does not say whether Secure Boot is on"))
    return verdict(
        wrong,
        good=N_("Secure Boot is on, now and at the next start"),
        bad=N_("systems that start unsigned software: {items}"),
        observed=items,
        expected="Enabled",
    )


CHECKS = (
    check(
        "bmc_secure_boot.enabled",
        N_("Secure Boot is on"),
        _enabled,
        N_("Else whoever boots the server once stays in it beneath the operating system."),
        N_("Turn Secure Boot on in the firmware's setup, and restart the server."),
    ),
)
