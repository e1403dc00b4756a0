"""Time synchronisation (NTP, RFC 5905)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSync:
    """Whether the clock follows a source.

    `offset_s` is signed, in seconds; `servers` are the configured ones.
    """

    synchronised: bool
    servers: tuple[str, ...] = ()
    source: str = ""
    stratum: int | None = None
    offset_s: float | None = None


FACT = TimeSync
