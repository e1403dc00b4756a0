"""The ways out for what no other route knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRoute:
    """One default route; `table` is main, a VRF's or a number."""

    family: str  # ipv4 | ipv6
    via: str = ""
    interface: str = ""
    table: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRoutes:
    """All of them: none is an answer too."""

    items: tuple[DefaultRoute, ...]


FACT = DefaultRoutes
