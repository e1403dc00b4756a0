"""How long accounts have not been used, and how old their passwords may grow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAge:
    """One account that could log in.

    `idle_days` counts from its last login, or from its password's last change where it never
    logged in; None: nothing tells.
    """

    name: str
    uid: int
    idle_days: int | None = None
    maximum_days: int | None = None  # of its password; None: for ever
    entry: bool = False  # it has a password; see `Account`
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAges:
    """All accounts with a shell and a password or a key."""

    items: tuple[AccountAge, ...]


FACT = AccountAges
