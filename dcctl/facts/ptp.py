"""Precision time: what the clock follows, and how closely."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ptp:
    """The PTP clock.

    `state` is lower case: locked, holdover, freerun, acquiring ...; `offset_ns` is signed.
    """

    state: str
    profile: str = ""
    domain: int | None = None
    grandmaster: str = ""
    parent: str = ""
    steps_removed: int | None = None
    offset_ns: float | None = None


FACT = Ptp
