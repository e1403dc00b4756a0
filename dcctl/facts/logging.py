"""Where a system's log goes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDestination:
    """One collector; `tls` is None where the platform can't tell."""

    host: str
    port: int | None = None
    protocol: str = ""
    tls: bool | None = None
    connected: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logging:
    """All collectors, and how long what is kept locally is kept (days)."""

    destinations: tuple[LogDestination, ...]
    retention_days: int | None = None
    persistent: bool | None = None
    timestamps: bool | None = None


FACT = Logging
