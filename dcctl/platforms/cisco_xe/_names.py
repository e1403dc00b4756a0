"""Long and short names of interfaces."""

from __future__ import annotations

import re

_LONG = {
    "Hu": "HundredGigE",
    "Fo": "FortyGigabitEthernet",
    "Twe": "TwentyFiveGigE",
    "TF": "TwentyFiveGigE",
    "Te": "TenGigabitEthernet",
    "Gi": "GigabitEthernet",
    "Fa": "FastEthernet",
    "Lo": "Loopback",
    "Po": "Port-channel",
    "Tu": "Tunnel",
    "Vl": "Vlan",
}


def long_name(short: str) -> str:
    """`Te0/0/1` as `TenGigabitEthernet0/0/1`; a long name stays."""
    match = re.fullmatch(r"([A-Za-z-]+)\s*([\d/.:]+)", short)
    if not match:
        return short
    kind, place = match.groups()
    return f"{_LONG.get(kind, kind)}{place}"
