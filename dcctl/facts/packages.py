"""Installed packages and what is pending."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One installed package."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """Everything installed, updates pending, and how old the lists are that say so (seconds)."""

    manager: str  # dpkg | rpm
    installed: tuple[Package, ...]
    updates: int | None = None
    security_updates: tuple[str, ...] | None = None  # names; None: can't be told
    lists_age_s: int | None = None


FACT = Packages
