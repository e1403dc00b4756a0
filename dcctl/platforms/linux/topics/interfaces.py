"""Interfaces of a server, from `ip -j -s address`."""

from __future__ import annotations

from typing import Any

from dcctl.facts.interfaces import Interface, Interfaces

_NOT_BROADCAST = "LOOPBACK"


def parse(data: Any) -> Interfaces | None:
    """All but the loopback; link-local IPv6 addresses are left out."""
    speeds = data["speeds_mbps"]
    items = tuple(
        _interface(item, speeds.get(item["ifname"]))
        for item in data["interfaces"]
        if item.get("ifname") and _NOT_BROADCAST not in item.get("flags", ())
    )
    return Interfaces(items=items) if items else None


def _interface(item: Any, speed_mbps: int | None) -> Interface:
    received = item.get("stats64", {}).get("rx", {})
    sent = item.get("stats64", {}).get("tx", {})
    flags = item.get("flags", ())
    return Interface(
        name=item["ifname"],
        admin_up="UP" in flags,
        oper_up=item.get("operstate") == "UP" or "LOWER_UP" in flags,
        description=item.get("ifalias", ""),
        mtu=item.get("mtu"),
        speed_bps=speed_mbps * 1_000_000 if speed_mbps else None,
        addresses=tuple(
            f"{address['local']}/{address['prefixlen']}"
            for address in item.get("addr_info", ())
            if address.get("scope") != "link" and "local" in address
        ),
        mac=item.get("address", ""),
        in_errors=received.get("errors"),
        out_errors=sent.get("errors"),
        crc_errors=received.get("crc_errors"),
    )


PARSE = parse
