"""Long and short names of interfaces."""

from __future__ import annotations

import re

_LONG = {"Eth": "Ethernet", "Po": "port-channel", "Lo": "loopback", "Vl": "Vlan", "Tu": "Tunnel"}


def long_name(short: str) -> str:
    """`Eth1/1` as `Ethernet1/1`; a long name stays."""
    match = re.fullmatch(r"([A-Za-z-]+)([\d/.]+)", short)
    if not match:
        return short
    kind, place = match.groups()
    return f"{_LONG.get(kind, kind)}{place}"
