"""The kinds of arguments that IOS XE commands take, and its names for interfaces."""

from __future__ import annotations

import re

from dcctl.lab.elements import arguments
from dcctl.lab.elements.naming import Names

# Long name and the short one of tables; the order is that of `show running-config`.
_TABLES = {
    "Loopback": "Lo",
    "Port-channel": "Po",
    "Tunnel": "Tu",
    "FastEthernet": "Fa",
    "GigabitEthernet": "Gi",
    "TwoGigabitEthernet": "Tw",
    "TenGigabitEthernet": "Te",
    "TwentyFiveGigE": "Twe",
    "FortyGigabitEthernet": "Fo",
    "HundredGigE": "Hu",
    "FourHundredGigE": "F",
    "BDI": "BD",
    "Vlan": "Vl",
    "Null": "Nu",
}
VIRTUAL = ("Loopback", "Port-channel", "Tunnel", "BDI", "Vlan", "Null")
SPEEDS_KBIT = {
    "Loopback": 8000000,
    "FastEthernet": 100000,
    "GigabitEthernet": 1000000,
    "TwoGigabitEthernet": 2500000,
    "TenGigabitEthernet": 10000000,
    "TwentyFiveGigE": 25000000,
    "FortyGigabitEthernet": 40000000,
    "HundredGigE": 100000000,
    "FourHundredGigE": 400000000,
}
NAMES = Names(
    tables=_TABLES,
    written=re.compile(r"([A-Za-z-]+?)\s*(\d[\d/.:]*)"),
)
kind_of = NAMES.kind_of
short = NAMES.short
rank = NAMES.rank


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`gi0/0/1`, `Te 0/1/0`)."""
    found = NAMES.written.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name in _TABLES if name.lower().startswith(word)]
    if len(fits) > 1:
        fits = [name for name in fits if name.lower() == word] or fits[:1]
    fits = fits or [name for name, short in _TABLES.items() if short.lower() == word]
    return f"{fits[0]}{number}" if fits else None


KINDS = {
    "word": arguments.anything,
    "host": arguments.host,
    "ip": arguments.ipv4,
    "intf": interface,
    "sint": arguments.signed,
}
