"""The kernel's audit: it runs, watches what matters, and tells somebody before its disk is full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    Judge,
    cannot_tell,
    failed,
    needs,
    not_applicable,
    on_linux,
    passed,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

# What a rule must name: one of the words of each.
_REQUIRED = {
    "identity": ("/etc/passwd",),
    "passwords": ("/etc/shadow",),
    "privilege": ("/etc/sudoers",),
    "logins": ("/var/log/lastlog", "/var/run/faillock", "/run/faillock", "/var/log/faillog"),
    "processes": ("-S execve", "execve"),
}


def _own(judge: Judge) -> Judge:
    """A judge of the kernel's audit, which a container has none of: it is the machine's below."""

    def told(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
        if not facts["audit"].own:
            return not_applicable(
                N_("the kernel's audit belongs to the machine below, not to this system")
            )
        return judge(target, facts, parameters)

    return told


def _running(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["audit"]
    if not fact.running or fact.mode == 0:
        return failed(N_("the audit daemon does not run"), observed=fact.running, expected=True)
    if fact.enabled_at_boot is None:
        return cannot_tell(N_("it does not say whether the audit daemon starts at boot"))
    if not fact.enabled_at_boot:
        return failed(N_("the audit daemon does not start at boot"), observed=False)
    return passed(N_("the audit daemon runs, also after a restart"), observed=True)


def _rules(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["audit"]
    if not fact.running:
        return failed(N_("the audit daemon does not run"), observed=False, expected=True)
    if fact.rules is None:
        return cannot_tell(N_("its audit rules could not be read"))
    wrong = [
        name
        for name, words in parameters["required"].items()
        if not any(word in rule for rule in fact.rules for word in words)
    ]
    return verdict(
        wrong,
        good=N_("logins, accounts, privilege and processes are audited"),
        bad=N_("not audited: {items}"),
        observed=list(fact.rules),
        expected=sorted(parameters["required"]),
    )


def _immutable(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    if not facts["audit"].running:
        return failed(N_("the audit daemon does not run"), observed=False, expected=True)
    found = facts["audit"].mode
    if found is None:
        return cannot_tell(N_("its audit rules could not be read"))
    if found == 2:  # noqa: PLR2004 - the kernel's own number
        return passed(N_("audit rules are locked until the next start"), observed=found)
    return failed(N_("audit rules can be changed while it runs"), observed=found, expected=2)


def _space(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found = facts["audit"].space_left_action
    judge = passed if found in parameters["accept"] else failed
    return judge(
        N_("when the disk for logs fills, it does: {action}"),
        observed=found,
        expected=list(parameters["accept"]),
        action=found or "-",
    )


def _check(
    name: str, title: str, severity: Severity, judge: Judge, why: str, fix: str, **more: Any
) -> Check:
    return Check(
        id=f"audit.{name}",
        title=title,
        pack="audit",
        severity=severity,
        topics=("audit",),
        judge=needs("audit", judge),
        applies=on_linux,
        parameters=more,
        rationale=why,
        remediation=fix,
    )


CHECKS = (
    _check(
        "running",
        N_("The audit daemon runs"),
        Severity.HIGH,
        _own(_running),
        N_("Without it nobody can tell afterwards what was done, and by whom."),
        N_("Install auditd and enable it."),
    ),
    _check(
        "rules",
        N_("Logins, accounts, privilege and processes are audited"),
        Severity.MEDIUM,
        _own(_rules),
        N_("A daemon without rules records next to nothing."),
        N_("Add the missing rules in /etc/audit/rules.d and load them."),
        required=_REQUIRED,
    ),
    _check(
        "immutable",
        N_("Audit rules are locked"),
        Severity.LOW,
        _own(_immutable),
        N_("An intruder's first act as root is to switch the record off."),
        N_("End the rules with `-e 2`."),
    ),
    _check(
        "space_alert",
        N_("Somebody is told before logs fill their disk"),
        Severity.MEDIUM,
        _space,
        N_("A full disk ends the record, silently."),
        N_("Set space_left_action in auditd.conf to email, syslog or exec."),
        accept=("email", "syslog", "exec", "single", "halt"),
    ),
)
