"""Synchronous Ethernet: where the frequency comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencySource:
    """One source; `quality` is the quality level received (PRC, QL-PRC, DNU ...)."""

    interface: str
    selected: bool
    state: str = ""
    quality: str = ""
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """All sources; `state` is lower case: locked, holdover, freerun."""

    items: tuple[FrequencySource, ...]
    state: str = ""


FACT = Frequency
