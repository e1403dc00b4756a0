"""Long and short names of interfaces."""

from __future__ import annotations

import re

_LONG = {
    "FH": "FourHundredGigE",
    "TH": "TwoHundredGigE",
    "Hu": "HundredGigE",
    "Fo": "FortyGigE",
    "TF": "TwentyFiveGigE",
    "Te": "TenGigE",
    "Gi": "GigabitEthernet",
    "Mg": "MgmtEth",
    "BE": "Bundle-Ether",
    "Lo": "Loopback",
    "Nu": "Null",
    "tt": "tunnel-te",
}


def long_name(short: str) -> str:
    """`Te0/0/0/1` as `TenGigE0/0/0/1`; a long name stays."""
    match = re.fullmatch(r"([A-Za-z-]+)\s*(\d\S*)", short)
    if not match:
        return short
    kind, place = match.groups()
    return f"{_LONG.get(kind, kind)}{place}"


def port_of(place: str, names: list[str]) -> str:
    """The interface at `place` (`0/0/0/1`) among `names`; empty where none or several stand."""
    found = [
        name for name in names if re.fullmatch(rf"[A-Za-z]*Gig[A-Za-z]+{re.escape(place)}", name)
    ]
    return found[0] if len(found) == 1 else ""
