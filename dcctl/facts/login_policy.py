"""What a server asks of passwords and sessions. A number is None where nothing states it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPolicy:
    """Passwords, lockout, idle shells and sudo, as PAM and its files state them.

    `quality`, `history` and `lockout` say whether PAM asks the module at all: without it, what its
    file says means nothing.
    """

    quality: bool
    history: bool
    lockout: bool
    minimum_length: int | None = None
    character_classes: int | None = None  # that a password must hold, of 4
    remembered: int | None = None
    maximum_days: int | None = None  # of a new account's password
    failures: int | None = None  # until an account locks
    unlock_s: int | None = None  # 0: never by itself
    shell_timeout_s: int | None = None  # 0: never
    sudo_options: tuple[str, ...] = ()  # of its Defaults: use_pty, !authenticate, logfile ...


FACT = LoginPolicy
