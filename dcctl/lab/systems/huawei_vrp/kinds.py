"""The kinds of arguments that VRP commands take, and its names for interfaces."""

from __future__ import annotations

import ipaddress
import re

from dcctl.lab.elements import arguments
from dcctl.lab.elements.model import Chassis
from dcctl.lab.elements.naming import Names

# Name and the short one of tables; the order is that of `display current-configuration`.
_TABLES = {
    "Eth-Trunk": "Eth-Trunk",
    "Ethernet": "Eth",
    "GigabitEthernet": "GE",
    "XGigabitEthernet": "XGE",
    "MEth": "MEth",
    "Vlanif": "Vlanif",
    "LoopBack": "Loop",
    "Tunnel": "Tun",
    "NULL": "NULL",
}
VIRTUAL = ("Eth-Trunk", "Vlanif", "LoopBack", "Tunnel", "NULL")
_SPEEDS_GBIT = {"GigabitEthernet": 1, "XGigabitEthernet": 10, "Ethernet": 0.1, "MEth": 1}
NAMES = Names(
    tables=_TABLES,
    written=re.compile(r"(\d+GE|[A-Za-z-]+?)\s*(\d[\d/.:]*)", re.IGNORECASE),
    letters=None,
    others_at="LoopBack",
)
kind_of = NAMES.kind_of
short = NAMES.short
rank = NAMES.rank


def immediate(chassis: Chassis) -> bool:
    """Whether the box runs VRP5, where a line takes effect when it is typed."""
    return bool(re.match(r"(?:AR|S)\d", chassis.model, re.IGNORECASE))


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`g0/1/0`, `GE 0/1/0`, `loop0`)."""
    found = NAMES.written.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    if re.fullmatch(r"\d+ge", word):
        return f"{word.upper()}{number}"
    exact = [name for name, short in _TABLES.items() if word in (name.lower(), short.lower())]
    fits = exact or [name for name in _TABLES if name.lower().startswith(word)]
    return f"{fits[0]}{number}" if fits else None


def speed_gbit(name: str) -> float:
    """Line rate, Gbit/s."""
    kind = kind_of(name)
    found = re.match(r"\d+", kind)
    return float(found.group()) if found else _SPEEDS_GBIT.get(kind, 0.0)


def lanes(name: str) -> int:
    """How many lanes the optics of a port have."""
    return 4 if speed_gbit(name) >= 40 else 1  # noqa: PLR2004 - QSFP


def _mask(text: str) -> str | None:
    """`30` and 255.255.255.252 alike; VRP shows the latter."""
    try:
        return str(ipaddress.IPv4Network(f"0.0.0.0/{text}").netmask)
    except ValueError:
        return None


KINDS = {
    "word": arguments.anything,
    "host": arguments.host,
    "ip": arguments.ipv4,
    "mask": _mask,
    "area": arguments.area,
    "intf": interface,
}
