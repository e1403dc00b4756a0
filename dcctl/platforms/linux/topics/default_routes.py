"""Default routes of every table, from iproute2."""

from __future__ import annotations

from typing import Any

from dcctl.facts.default_routes import DefaultRoute, DefaultRoutes

_NO_WAY = ("unreachable", "blackhole", "prohibit", "throw")


def parse(data: Any) -> DefaultRoutes:
    """A route that leads nowhere on purpose is no way out."""
    return DefaultRoutes(
        items=tuple(
            DefaultRoute(
                family=family,
                via=str(route.get("gateway") or ""),
                interface=str(route.get("dev") or ""),
                table=str(route.get("table") or "main"),
            )
            for family in ("ipv4", "ipv6")
            for route in data[family]
            if route.get("type") not in _NO_WAY and route.get("dev") != "lo"
        )
    )


PARSE = parse
