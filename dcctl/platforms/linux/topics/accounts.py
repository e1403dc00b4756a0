"""Local accounts and sudo's rules."""

from __future__ import annotations

from typing import Any

from dcctl.facts.accounts import Account, Accounts, SudoRule

_NOT_RULES = ("Defaults", "User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias", "Cmd_Alias")


def parse(data: Any) -> Accounts | None:
    """Without the right to read /etc/shadow nothing can be said of passwords: that is an error."""
    if not data["shadow_read"]:
        message = "/etc/shadow could not be read"
        raise ValueError(message)
    users = tuple(
        Account(
            **{
                **user,
                "groups": tuple(user["groups"]),
                "key_fingerprints": tuple(user["key_fingerprints"]),
            }
        )
        for user in data["users"]
    )
    rules = [rule for file, text in data["sudoers"].items() for rule in _rules(file, text)]
    return Accounts(users=users, sudo=tuple(rules)) if users else None


def _rules(file: str, text: str) -> list[SudoRule]:
    rules = []
    for line in text.replace("\\\n", " ").splitlines():
        words = line.strip()
        if not words or words[0] in "#@" or words.startswith(_NOT_RULES) or "=" not in words:
            continue
        who, _, rule = words.partition(" ")
        rules.append(
            SudoRule(
                who=who, rule=" ".join(rule.split()), passwordless="NOPASSWD:" in rule, file=file
            )
        )
    return rules


PARSE = parse
