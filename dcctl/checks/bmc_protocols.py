"""A management controller speaks no protocol that gives its passwords away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import Judge, cannot_tell, failed, listed, passed
from dcctl.contracts import Judgement
from dcctl.model.target import Target
from dcctl.text import N_


def _off(protocol: str, *, always: bool) -> Judge:
    """Off on each manager. `always`: every controller has it, so that silence tells nothing."""

    def judge(
        _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
    ) -> Judgement:
        found = [one for one in facts["bmc_protocols"].items if one.name == protocol]
        on = [one.manager for one in found if one.enabled]
        if on:
            return failed(
                N_("{protocol} is on: {items}"),
                protocol=protocol,
                items=listed(on),
                observed=found,
                expected=False,
            )
        unknown = any(one.enabled is None for one in found)
        if unknown or (always and not found) or not facts["bmc_protocols"].items:
            return cannot_tell(N_("it does not say whether {protocol} is on"), protocol=protocol)
        return passed(N_("{protocol} is off"), protocol=protocol, observed=found, expected=False)

    return judge


CHECKS = (
    check(
        "bmc_protocols.ipmi_off",
        N_("The management controller does not speak IPMI over LAN"),
        _off("IPMI", always=True),
        N_("IPMI 2.0 gives the hash of a password to whoever asks for it."),
        N_("Turn IPMI over LAN off in the management controller."),
    ),
    check(
        "bmc_protocols.telnet_off",
        N_("The management controller does not speak telnet"),
        _off("Telnet", always=False),
        N_("Telnet sends passwords in clear."),
        N_("Turn telnet off in the management controller."),
    ),
)
