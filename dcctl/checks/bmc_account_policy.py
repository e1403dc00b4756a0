"""A management controller locks who guesses, and takes no short password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, failed, passed
from dcctl.contracts import Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _lockout(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact, most = facts["bmc_account_policy"], parameters["maximum_failures"]
    if fact.lockout_failures is None or fact.lockout_s is None:
        return cannot_tell(N_("it does not say whether it locks accounts"))
    locks = 0 < fact.lockout_failures <= most and fact.lockout_s >= parameters["minimum_lock_s"]
    judge = passed if locks else failed
    return judge(
        N_("an account locks after {failures} failures for {seconds} s (0: never)"),
        failures=fact.lockout_failures,
        seconds=fact.lockout_s,
        observed=fact,
        expected=f"<= {most}, >= {parameters['minimum_lock_s']} s",
    )


def _length(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found, least = facts["bmc_account_policy"].minimum_length, parameters["minimum"]
    if found is None:
        return cannot_tell(N_("it does not say how long a password must be"))
    judge = passed if found >= least else failed
    return judge(
        N_("a password has {length} characters at least"),
        length=found,
        observed=found,
        expected=f">= {least}",
    )


CHECKS = (
    check(
        "bmc_account_policy.lockout",
        N_("The management controller locks an account after failed logins"),
        _lockout,
        N_("Without it a password can be guessed for as long as one likes."),
        N_("Set the lockout's threshold and duration in the management controller."),
        maximum_failures=5,
        minimum_lock_s=30,
    ),
    check(
        "bmc_account_policy.password_length",
        N_("The management controller takes no short password"),
        _length,
        N_("Short passwords are guessed in hours."),
        N_("Set the least length of passwords in the management controller."),
        Severity.MEDIUM,
        minimum=8,
    ),
)
