"""Whether a restart brings back the configuration that runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """`differing` counts the lines that only one of the two configurations has."""

    saved: bool | None  # None: the device doesn't say
    differing: int = 0


FACT = Startup
