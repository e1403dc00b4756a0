"""The kinds of arguments that NX-OS commands take, and its names for interfaces."""

from __future__ import annotations

import re

from dcctl.lab.elements import arguments
from dcctl.lab.elements.naming import Names

# Long name and the short one of tables; the order is that of `show running-config`.
_TABLES = {
    "Vlan": "Vlan",
    "port-channel": "Po",
    "nve": "nve",
    "Tunnel": "Tunnel",
    "Ethernet": "Eth",
    "mgmt": "mgmt",
    "loopback": "Lo",
}
PHYSICAL = ("Ethernet", "mgmt")
NAMES = Names(
    tables=_TABLES,
    written=re.compile(r"([A-Za-z-]+?)\s*(\d[\d/.]*)"),
    letters=None,
)
kind_of = NAMES.kind_of
short = NAMES.short
rank = NAMES.section_rank


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`eth1/1`, `lo 0`)."""
    found = NAMES.written.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name in _TABLES if name.lower().startswith(word)]
    return f"{fits[0]}{number}" if fits else None


def _time(text: str) -> str | None:
    return text if re.fullmatch(r"now|\+?[\d:]+", text) else None


def _hours(text: str) -> str | None:
    return text if re.fullmatch(r"-?(?:1?\d|2[0-3])", text) else None


KINDS = {
    "word": arguments.anything,
    "host": arguments.host,
    "ip": arguments.ipv4,
    "prefix": arguments.prefix,
    "area": arguments.area,
    "time": _time,
    "hours": _hours,
    "intf": interface,
}
