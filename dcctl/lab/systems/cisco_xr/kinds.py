"""The kinds of arguments that IOS XR commands take, and its names for interfaces."""

from __future__ import annotations

import ipaddress
import re

from dcctl.lab.elements import arguments
from dcctl.lab.elements.naming import Names

# Long name and the short one of tables; the order is that of `show running-config`.
_TABLES = {
    "Bundle-Ether": "BE",
    "Loopback": "Lo",
    "MgmtEth": "Mg",
    "GigabitEthernet": "Gi",
    "TenGigE": "Te",
    "TwentyFiveGigE": "TF",
    "FortyGigE": "Fo",
    "FiftyGigE": "Fi",
    "HundredGigE": "Hu",
    "TwoHundredGigE": "TH",
    "FourHundredGigE": "FH",
    "tunnel-te": "tt",
    "BVI": "BV",
    "Null": "Nu",
}
VIRTUAL = ("Bundle-Ether", "Loopback", "tunnel-te", "BVI", "Null")
SPEEDS_KBIT = {
    "MgmtEth": 1000000,
    "GigabitEthernet": 1000000,
    "TenGigE": 10000000,
    "TwentyFiveGigE": 25000000,
    "FortyGigE": 40000000,
    "FiftyGigE": 50000000,
    "HundredGigE": 100000000,
    "TwoHundredGigE": 200000000,
    "FourHundredGigE": 400000000,
}
NAMES = Names(
    tables=_TABLES,
    written=re.compile(r"([A-Za-z-]+?)\s*(\d[\w/.]*)"),
)
kind_of = NAMES.kind_of
number_of = NAMES.number_of
short = NAMES.short
rank = NAMES.rank


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`gi0/0/0/1`, `Te 0/0/0/1`)."""
    found = NAMES.written.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name, short in _TABLES.items() if short.lower() == word]
    fits = fits or [name for name in _TABLES if name.lower().startswith(word)]
    if not fits:
        return None
    numbered = re.fullmatch(
        r"(\d+/R(?:S)?P\d+/CPU\d+/\d+|\d+(?:/\d+){0,4})(\.\d+)?", number, re.IGNORECASE
    )
    return f"{fits[0]}{number.upper()}" if numbered else None


def speed_bps(name: str) -> int:
    """How much a port carries; a bundle as much as its members, so none by itself."""
    return SPEEDS_KBIT.get(kind_of(name), 0) * 1000


def _any_ip(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _address(text: str) -> str | None:
    """`10.0.0.1/24` as it is stored: address and mask."""
    try:
        found = ipaddress.IPv4Interface(text)
    except ValueError:
        return None
    return f"{found.ip} {found.netmask}" if "/" in text else None


def _prefix(text: str) -> str | None:
    try:
        return str(ipaddress.ip_network(text, strict=False)) if "/" in text else None
    except ValueError:
        return None


def _location(text: str) -> str | None:
    return text if re.fullmatch(r"\d+(?:/\w+){1,4}|all|\*", text) else None


KINDS = {
    "word": arguments.anything,
    "host": arguments.host,
    "ip": arguments.ipv4,
    "anyip": _any_ip,
    "addr": _address,
    "prefix": _prefix,
    "intf": interface,
    "sint": arguments.signed,
    "loc": _location,
}
