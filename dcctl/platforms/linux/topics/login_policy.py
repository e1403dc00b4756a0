"""Passwords, lockout, idle shells and sudo: PAM's lines, and the files of the modules they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.facts.login_policy import LoginPolicy

_CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
# What the modules do where nothing is stated (their manuals).
_LENGTH, _REMEMBERED, _FAILURES, _UNLOCK = 8, 10, 3, 600


def parse(data: Any) -> LoginPolicy:
    """A module's own arguments in PAM go before its file."""
    lines = [str(line) for line in data["pam"]]
    quality = _stated(lines, "pam_pwquality|pam_cracklib", data["quality"])
    history = _stated(lines, "pam_pwhistory", data["history"])
    unix = _stated(lines, "pam_unix", {})
    lockout = _stated(lines, "pam_faillock", data["lockout"])
    remembers = history is not None or "remember" in (unix or {})
    remembered = _REMEMBERED if history is not None else 0
    timeouts = [int(value) for value in data["timeouts"]]
    return LoginPolicy(
        quality=quality is not None,
        history=remembers,
        lockout=lockout is not None,
        minimum_length=None if quality is None else int(quality.get("minlen", _LENGTH)),
        character_classes=None if quality is None else _classes(quality),
        remembered=int({**(unix or {}), **(history or {})}.get("remember", remembered))
        if remembers
        else None,
        maximum_days=_number(data["login_defs"].get("PASS_MAX_DAYS")),
        failures=None if lockout is None else int(lockout.get("deny", _FAILURES)),
        unlock_s=None if lockout is None else _unlock(lockout.get("unlock_time", _UNLOCK)),
        shell_timeout_s=timeouts[-1] if timeouts else None,
        sudo_options=tuple(dict.fromkeys(str(name) for name in data["sudo"])),
    )


def _stated(lines: list[str], modules: str, file: Mapping[str, str]) -> dict[str, str] | None:
    """A module's settings; None where no line of PAM asks it."""
    asked = [line for line in lines if re.search(rf"(?:{modules})\.so", line)]
    if not asked:
        return None
    arguments = [pair for line in asked for pair in re.findall(r"(\w+)=(-?\w+)", line)]
    return {**file, **dict(arguments)}


def _classes(quality: Mapping[str, str]) -> int:
    required = sum(int(quality.get(name, 0)) < 0 for name in _CREDITS)
    return max(required, int(quality.get("minclass", 0)))


def _number(value: str | None) -> int | None:
    return int(value) if value is not None else None


def _unlock(value: Any) -> int:
    return 0 if value == "never" else int(value)


PARSE = parse
