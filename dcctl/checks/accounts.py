"""Local accounts: those of the design, one root, no empty password, no silent way to become root."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _users(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    fact = facts["accounts"]
    return tuple(fact.users) if fact else ()


def _uid_zero(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    wrong = [user.name for user in _users(facts) if user.uid == 0 and user.name != "root"]
    return verdict(
        wrong,
        good=N_("only root has user id 0"),
        bad=N_("others have user id 0 too: {items}"),
        expected=["root"],
    )


def _empty(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    wrong = [user.name for user in _users(facts) if user.password == "empty"]  # noqa: S105 - a state, not a password
    return verdict(
        wrong,
        good=N_("no account has an empty password"),
        bad=N_("accounts with an empty password: {items}"),
        expected=[],
    )


def _system_shells(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    wrong = [
        user.name
        for user in _users(facts)
        if 0 < user.uid < parameters["first_person_uid"]
        and user.may_log_in
        and user.password == "set"  # noqa: S105 - a state, not a password
        and user.name not in parameters["ignore"]
    ]
    return verdict(
        wrong,
        good=N_("no system account can log in"),
        bad=N_("system accounts that can log in: {items}"),
        expected=[],
    )


def _wanted(target: Target) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        item if isinstance(item, Mapping) else {"name": item}
        for item in target.variables.get("accounts_users") or ()
    )


def _names_users(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    return "" if _wanted(target) else N_("the estate gives it no accounts")


def _present(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    found = {user.name: user for user in _users(facts)}
    wrong = []
    for item in _wanted(target):
        name, present = str(item["name"]), item.get("state", "present") != "absent"
        user = found.get(name)
        if present and user is None:
            wrong.append(f"{name} (absent)")
        elif not present and user is not None:
            wrong.append(f"{name} (present)")
        elif user is not None:
            missing = set(item.get("groups") or ()) - set(user.groups)
            wrong += [f"{name} (group {group})" for group in sorted(missing)]
            if item.get("authorized_keys") and not user.authorized_keys:
                wrong.append(f"{name} (no key)")
    return verdict(
        wrong,
        good=N_("the accounts are those of the design"),
        bad=N_("accounts that differ from the design: {items}"),
        expected=[str(item["name"]) for item in _wanted(target)],
    )


def _passwordless(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["accounts"]
    wrong = [
        f"{rule.who}: {rule.rule}"
        for rule in (fact.sudo if fact else ())
        if rule.passwordless and rule.who not in parameters["allowed"]
    ]
    return verdict(
        wrong,
        good=N_("nobody becomes root without a password but those allowed to"),
        bad=N_("become root without a password: {items}"),
        expected=list(parameters["allowed"]),
    )


CHECKS = (
    Check(
        id="accounts.uid_zero",
        title=N_("Only root has user id 0"),
        pack="baseline",
        severity=Severity.CRITICAL,
        topics=("accounts",),
        judge=_uid_zero,
        applies=on_linux,
        rationale=N_("A second root is the classic back door."),
        remediation=N_("Find out who made it; then remove the account."),
    ),
    Check(
        id="accounts.empty_passwords",
        title=N_("No account has an empty password"),
        pack="baseline",
        severity=Severity.CRITICAL,
        topics=("accounts",),
        judge=_empty,
        applies=on_linux,
        rationale=N_("Whoever reaches the console is in."),
        remediation=N_("Lock the account's password."),
    ),
    Check(
        id="accounts.system_shells",
        title=N_("System accounts can't log in"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("accounts",),
        judge=_system_shells,
        applies=on_linux,
        parameters={"first_person_uid": 1000, "ignore": ()},
        rationale=N_("Accounts of services have no person who would notice their misuse."),
        remediation=N_("Lock the password and set the shell to nologin."),
    ),
    Check(
        id="accounts.present",
        title=N_("Accounts are those of the design"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("accounts",),
        judge=_present,
        applies=_names_users,
        rationale=N_("People who left keep their way in until somebody compares."),
        remediation=N_("Apply the role `accounts`."),
    ),
    Check(
        id="accounts.sudo_passwordless",
        title=N_("Nobody becomes root without a password"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("accounts",),
        judge=_passwordless,
        applies=on_linux,
        parameters={"allowed": ()},
        rationale=N_("A stolen session must not be a stolen server."),
        remediation=N_(
            "Remove NOPASSWD, or name the account in `checks: accounts.sudo_passwordless`."
        ),
    ),
)
