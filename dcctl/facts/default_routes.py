"""The ways out for what no other route knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRoute:
    """One default route; `table` is main, a VRF's or a number (of network elements: `default`)."""

    family: str  # ipv4 | ipv6
    via: str = ""
    interface: str = ""
    table: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRoutes:
    """All of them: none is an answer too. `tables` are those that were looked at, where told."""

    items: tuple[DefaultRoute, ...]
    tables: tuple[str, ...] = ()


FACT = DefaultRoutes
