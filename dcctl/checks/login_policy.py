"""Passwords, lockout, idle shells and sudo: what a server asks of people who log in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import Judge, failed, needs, on_linux, passed, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _strength(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["login_policy"]
    if not fact.quality:
        return failed(N_("PAM asks nothing of a new password"), observed=fact.quality)
    fits = (
        fact.minimum_length >= parameters["minimum_length"]
        and fact.character_classes >= parameters["classes"]
    )
    judge = passed if fits else failed
    return judge(
        N_("a password has {length} characters of {classes} kinds at least"),
        observed={"length": fact.minimum_length, "classes": fact.character_classes},
        expected=f">= {parameters['minimum_length']}, >= {parameters['classes']}",
        length=fact.minimum_length,
        classes=fact.character_classes,
    )


def _history(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["login_policy"]
    count = fact.remembered or 0 if fact.history else 0
    judge = passed if count >= parameters["minimum"] else failed
    return judge(
        N_("{count} old passwords are remembered"),
        observed=count,
        expected=f">= {parameters['minimum']}",
        count=count,
    )


def _age(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    limit = parameters["maximum_days"]
    new = facts["login_policy"].maximum_days
    ages = facts["account_ages"]
    wrong = [] if new is not None and 0 < new <= limit else [f"login.defs: {_days(new)}"]
    wrong += [
        f"{item.name}: {_days(item.maximum_days)}"
        for item in (ages.items if ages else ())
        if item.entry
        and not item.expired
        and (item.maximum_days is None or item.maximum_days > limit)
    ]
    return verdict(
        wrong,
        good=N_("passwords expire in time"),
        bad=N_("passwords that live too long (days): {items}"),
        expected=f"<= {limit}",
    )


def _days(value: int | None) -> str:
    return "-" if value is None else str(value)


def _lockout(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["login_policy"]
    if not fact.lockout or not fact.failures:
        return failed(N_("no account locks after failed logins"), observed=fact.lockout)
    soon = 0 < fact.unlock_s < parameters["minimum_unlock_s"]
    judge = failed if soon or fact.failures > parameters["maximum_failures"] else passed
    return judge(
        N_("an account locks after {failures} failures for {seconds} s (0: for good)"),
        observed={"failures": fact.failures, "unlock_s": fact.unlock_s},
        expected=f"<= {parameters['maximum_failures']}, >= {parameters['minimum_unlock_s']} s",
        failures=fact.failures,
        seconds=fact.unlock_s,
    )


def _shell(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found = facts["login_policy"].shell_timeout_s
    judge = passed if found and found <= parameters["maximum_s"] else failed
    return judge(
        N_("an idle shell ends after {seconds} s (0: never)"),
        observed=found,
        expected=f"<= {parameters['maximum_s']}",
        seconds=found or 0,
    )


def _sudo(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found = set(facts["login_policy"].sudo_options)
    wrong = [name for name in parameters["required"] if name not in found]
    wrong += [name for name in parameters["forbidden"] if name in found]
    return verdict(
        wrong,
        good=N_("sudo asks, logs and uses a terminal of its own"),
        bad=N_("sudo's options that are missing, or must not be there: {items}"),
        observed=sorted(found),
        expected=list(parameters["required"]),
    )


def _check(
    id_: str, title: str, judge: Judge, why: str, fix: str, *also: str, **parameters: Any
) -> Check:
    return Check(
        id=id_,
        title=title,
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("login_policy", *also),
        judge=needs("login_policy", judge),
        applies=on_linux,
        parameters=parameters,
        rationale=why,
        remediation=fix,
    )


CHECKS = (
    _check(
        "login_policy.password_strength",
        N_("Passwords are long and of several kinds of characters"),
        _strength,
        N_("Short passwords are guessed in hours."),
        N_("Set minlen and minclass in pwquality.conf, and pam_pwquality in PAM."),
        minimum_length=14,
        classes=4,
    ),
    _check(
        "login_policy.password_history",
        N_("Old passwords are not used again"),
        _history,
        N_("A password that was found out must not come back."),
        N_("Set pam_pwhistory in PAM, with `remember`."),
        minimum=10,
    ),
    _check(
        "login_policy.password_age",
        N_("Passwords expire"),
        _age,
        N_("A password that nobody knows to be stolen works until it is changed."),
        N_("Set PASS_MAX_DAYS in login.defs; `chage --maxdays` for those that exist."),
        "account_ages",
        maximum_days=60,
    ),
    _check(
        "login_policy.lockout",
        N_("Accounts lock after failed logins"),
        _lockout,
        N_("Guessing must cost more than patience."),
        N_("Set pam_faillock in PAM, `deny` and `unlock_time` in faillock.conf."),
        maximum_failures=5,
        minimum_unlock_s=900,
    ),
    _check(
        "login_policy.shell_timeout",
        N_("Idle shells end"),
        _shell,
        N_("A shell left open is used by whoever comes by."),
        N_("Set TMOUT, read-only, in a file of /etc/profile.d."),
        maximum_s=300,
    ),
    _check(
        "accounts.sudo_logged",
        N_("Use of sudo asks, is logged, and has a terminal of its own"),
        _sudo,
        N_("What was done as root must be told afterwards, and by whom."),
        N_("Set `Defaults use_pty, logfile=...` in sudoers; remove `!authenticate`."),
        required=("use_pty", "logfile"),
        forbidden=("!authenticate", "!use_pty", "!logfile", "!syslog"),
    ),
)
