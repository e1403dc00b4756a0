"""LDP sessions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LdpSession:
    """One session; `state` is lower case: operational, initialized, nonexistent ..."""

    neighbor: str  # LDP identifier without the label space
    state: str
    interface: str = ""
    uptime_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LdpSessions:
    """All sessions."""

    items: tuple[LdpSession, ...]


FACT = LdpSessions
