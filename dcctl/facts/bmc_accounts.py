"""The local accounts of a management controller."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcAccount:
    """One account; `enabled` and `must_change` (its password) None: it does not say."""

    name: str
    role: str = ""
    enabled: bool | None = None
    must_change: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcAccounts:
    """Every account that has a name."""

    items: tuple[BmcAccount, ...] = ()


FACT = BmcAccounts
