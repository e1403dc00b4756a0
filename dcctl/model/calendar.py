"""When elements may be touched: windows, and days on which nothing may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom something holds for; both parts narrow, and an empty one does not."""

    hosts: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()

    def holds(self, host: str, site: str) -> bool:
        """Whether it holds for this host."""
        return (not self.hosts or host in self.hosts) and (not self.sites or site in self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A maintenance window that comes again; minutes count from midnight where the zone is.

    One that closes at or before the minute when it opens closes on the next day.
    """

    name: str
    zone: str  # IANA
    days: tuple[int, ...]  # on which it opens; 0 is Monday
    opens: int
    closes: int
    scope: Scope = field(default_factory=Scope)
    since: date | None = None  # first and last day on which it opens
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Days on which nothing is touched, the first and the last included."""

    reason: str
    zone: str
    first: date
    last: date
    scope: Scope = field(default_factory=Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """All of inventory/windows.yml. Without any window everything is open, but for the freezes."""

    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    concurrency: Mapping[str, int] = field(default_factory=dict)  # site -> elements at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One time from when to when a target may be touched, in UTC."""

    name: str  # the window's; empty where none restricts
    opens: datetime
    closes: datetime
