"""The kinds of arguments that EOS commands take, and its names for interfaces."""

from __future__ import annotations

import re

from dcctl.lab.elements import arguments
from dcctl.lab.elements.naming import Names

# Long name and the short one of tables; the order is that of `show running-config`.
_TABLES = {
    "Port-Channel": "Po",
    "Ethernet": "Et",
    "Loopback": "Lo",
    "Management": "Ma",
    "Tunnel": "Tu",
    "Vlan": "Vl",
    "Vxlan": "Vx",
}
PHYSICAL = ("Ethernet", "Management")
NAMES = Names(
    tables=_TABLES,
    written=re.compile(r"([A-Za-z-]+?)\s*(\d[\d/.]*)"),
)
kind_of = NAMES.kind_of
short = NAMES.short
rank = NAMES.section_rank


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`et1`, `Ma1`)."""
    found = NAMES.written.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name in _TABLES if name.lower() == word]
    fits = fits or [name for name in _TABLES if name.lower().startswith(word)]
    return f"{fits[0]}{number}" if fits else None


def _time(text: str) -> str | None:
    return text if re.fullmatch(r"\d{1,2}:\d{1,2}:\d{1,2}", text) else None


KINDS = {
    "word": arguments.anything,
    "host": arguments.host,
    "ip": arguments.ipv4,
    "ipv6": arguments.ipv6,
    "prefix": arguments.prefix,
    "area": arguments.area,
    "time": _time,
    "intf": interface,
}
