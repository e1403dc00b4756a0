"""Local accounts: those of the design, one root, no empty password, no silent way to root."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import needs, on_linux, variable, verdict
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
    wrong = [user.name for user in _users(facts) if user.entry == "empty"]
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
        and user.entry == "set"
        and user.name not in parameters["ignore"]
    ]
    return verdict(
        wrong,
        good=N_("no system account can log in"),
        bad=N_("system accounts that can log in: {items}"),
        expected=[],
    )


def _names_users(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    named = variable(target, "accounts_users") or variable(target, "accounts_removed")
    return "" if named else N_("the estate gives it no accounts")


def _present(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    found = {user.name: user for user in _users(facts)}
    admins = variable(target, "accounts_admin_group", parameters["admin_group"])
    wanted = variable(target, "accounts_users", ())
    gone = variable(target, "accounts_removed", ())
    wrong = [f"{name} (present)" for name in gone if name in found]
    for item in wanted:
        wrong += _differs(item, found.get(item["name"]), admins)
    return verdict(
        wrong,
        good=N_("the accounts are those of the design"),
        bad=N_("accounts that differ from the design: {items}"),
        observed=sorted(found),
        expected=[*(item["name"] for item in wanted), *(f"!{name}" for name in gone)],
    )


def _differs(item: Mapping[str, Any], user: Any, admins: str) -> list[str]:
    name = item["name"]
    if user is None:
        return [f"{name} (absent)"]
    groups = {*item.get("groups", ()), *([admins] if item.get("admin") else [])}
    wrong = [f"{name} (group {group})" for group in sorted(groups - set(user.groups))]
    if not item.get("admin") and admins in user.groups:
        wrong.append(f"{name} (in {admins})")
    keys = {_fingerprint(key) for key in item.get("keys", ())}
    wrong += [f"{name} (no key {key})" for key in sorted(keys - set(user.key_fingerprints))]
    wrong += [f"{name} (key {key})" for key in sorted(set(user.key_fingerprints) - keys)]
    return wrong


def _fingerprint(key: str) -> str:
    """As `ssh-keygen -l` shows it, of a line of authorized_keys."""
    blob = next((word for word in key.split() if word.startswith("AAAA")), "")
    digest = hashlib.sha256(base64.b64decode(blob + "=" * (-len(blob) % 4))).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


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
        judge=needs("accounts", _uid_zero),
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
        judge=needs("accounts", _empty),
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
        judge=needs("accounts", _system_shells),
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
        parameters={"admin_group": "operators"},
        rationale=N_("People who left keep their way in until somebody compares."),
        remediation=N_("Apply the role `accounts`."),
    ),
    Check(
        id="accounts.sudo_passwordless",
        title=N_("Nobody becomes root without a password"),
        pack="baseline",
        severity=Severity.MEDIUM,
        topics=("accounts",),
        judge=needs("accounts", _passwordless),
        applies=on_linux,
        parameters={"allowed": ("%operators", "dcctl")},
        rationale=N_("A stolen session must not be a stolen server."),
        remediation=N_(
            "Remove NOPASSWD, or name the account in `checks: accounts.sudo_passwordless`."
        ),
    ),
)
