"""Errors that the kernel counted, where a device's own command line counts none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCounter:
    """Frames of one interface that were lost to errors since the host started."""

    interface: str
    in_errors: int
    out_errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCounters:
    """All interfaces but the loopback."""

    items: tuple[ErrorCounter, ...]


FACT = ErrorCounters
