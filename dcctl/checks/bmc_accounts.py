"""No account of a management controller is as it came from the factory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import verdict
from dcctl.contracts import Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

# Dell, HPE, Supermicro, Lenovo, AMI, Cisco, Huawei: the first account of a new controller.
_FACTORY = ["root", "administrator", "admin", "userid"]


def _defaults_off(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    names = {name.lower() for name in parameters["names"]}
    usable = [one for one in facts["bmc_accounts"].items if one.enabled is not False]
    wrong = [one.name for one in usable if one.name.lower() in names or one.must_change]
    return verdict(
        wrong,
        good=N_("no account of the factory can be used"),
        bad=N_("accounts as the factory made them: {items}"),
        observed=[one.name for one in usable],
        expected=f"not: {', '.join(sorted(names))}",
    )


CHECKS = (
    check(
        "bmc_accounts.defaults_off",
        N_("The management controller's factory accounts are off"),
        _defaults_off,
        N_("Their names and passwords stand in the vendor's manual, or on the label."),
        N_("Make named accounts, then turn the factory's off or rename them."),
        Severity.CRITICAL,
        names=_FACTORY,
    ),
)
