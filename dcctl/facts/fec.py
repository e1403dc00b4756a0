"""Forward error correction: how many errors the light carries before they are corrected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FecPort:
    """One port; rates are errors a bit, counters count since they were cleared."""

    interface: str
    pre_fec_ber: float | None = None
    post_fec_ber: float | None = None
    corrected: int | None = None  # codewords or words, as the device counts
    uncorrected: int | None = None
    q_margin_db: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fec:
    """All ports that correct errors."""

    items: tuple[FecPort, ...]


FACT = Fec
