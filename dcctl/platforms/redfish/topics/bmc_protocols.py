"""Managers/*/NetworkProtocol (DSP2046, ManagerNetworkProtocol)."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.facts.bmc_protocols import BmcProtocols, ManagerProtocol
from dcctl.platforms.redfish._resources import Resources, collector, flag, name_of, whole


def _parse(found: Sequence[Resources]) -> BmcProtocols | None:
    items = tuple(
        ManagerProtocol(
            manager=name_of(path, 1),
            name=name,
            enabled=flag(said, "ProtocolEnabled"),
            port=whole(said, "Port"),
        )
        for path, resource in sorted(found[0].items())
        for name, said in sorted(resource.items())
        if isinstance(said, dict) and "ProtocolEnabled" in said
    )
    return BmcProtocols(items=items) if items else None


COLLECTOR = collector("bmc_protocols", ("GET Managers/*/NetworkProtocol",), _parse)
