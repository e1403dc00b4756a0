"""Managers/*/EthernetInterfaces/* (DSP2046, EthernetInterface)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcctl.facts.bmc_addresses import BmcAddress, BmcAddresses
from dcctl.platforms.redfish._resources import (
    Resource,
    Resources,
    collector,
    flag,
    name_of,
    part,
    parts,
    text,
)

_LISTS = ("IPv4Addresses", "IPv6Addresses")


def _parse(found: Sequence[Resources]) -> BmcAddresses | None:
    items = tuple(
        BmcAddress(
            manager=name_of(path, 2),
            interface=name_of(path),
            address=address,
            enabled=_enabled(resource),
        )
        for path, resource in sorted(found[0].items())
        for address in _addresses(resource)
    )
    return BmcAddresses(items=items) if items else None


def _addresses(resource: Resource) -> Iterator[str]:
    for name in _LISTS:
        for one in parts(resource, name):
            if text(one, "Address"):
                yield text(one, "Address")


def _enabled(resource: Resource) -> bool | None:
    told = flag(resource, "InterfaceEnabled")
    state = text(part(resource, "Status"), "State")
    return told if told is not None or not state else state == "Enabled"


COLLECTOR = collector("bmc_addresses", ("GET Managers/*/EthernetInterfaces/*",), _parse)
