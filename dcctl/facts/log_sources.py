"""Whose logs a collector receives, and when it last heard each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSource:
    """One sender, by the address from which it sends; `age_s` since its newest line."""

    address: str
    age_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSources:
    """All of them; `unread` were too many to be looked at."""

    items: tuple[LogSource, ...] = ()
    unread: int = 0


FACT = LogSources
