"""How many routes there are, by table and by where they come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCount:
    """Routes of one source; `protocol` is lower case: connected, static, isis, ospf, bgp ..."""

    protocol: str
    count: int
    vrf: str = "default"
    family: str = "ipv4"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCounts:
    """All counts; `total` is the device's own sum where it states one."""

    items: tuple[RouteCount, ...]
    total: int | None = None


FACT = RouteCounts
