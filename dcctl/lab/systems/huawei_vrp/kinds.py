"""The kinds of arguments that VRP commands take, and its names for interfaces."""

from __future__ import annotations

import ipaddress
import re

from dcctl.lab.elements.model import Chassis

# Name and the short one of tables; the order is that of `display current-configuration`.
INTERFACES = {
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
_NAME = re.compile(r"(\d+GE|[A-Za-z-]+?)\s*(\d[\d/.:]*)", re.IGNORECASE)


def immediate(chassis: Chassis) -> bool:
    """Whether the box runs VRP5, where a line takes effect when it is typed."""
    return bool(re.match(r"(?:AR|S)\d", chassis.model, re.IGNORECASE))


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`g0/1/0`, `GE 0/1/0`, `loop0`)."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    if re.fullmatch(r"\d+ge", word):
        return f"{word.upper()}{number}"
    exact = [name for name, short in INTERFACES.items() if word in (name.lower(), short.lower())]
    fits = exact or [name for name in INTERFACES if name.lower().startswith(word)]
    return f"{fits[0]}{number}" if fits else None


def kind_of(name: str) -> str:
    """`GigabitEthernet` of GigabitEthernet0/1/0, `100GE` of 100GE0/2/0."""
    found = _NAME.fullmatch(name)
    return found.group(1) if found else name


def short(name: str) -> str:
    """The name that tables show."""
    found = _NAME.fullmatch(name)
    if found is None:
        return name
    return INTERFACES.get(found.group(1), found.group(1)) + found.group(2)


def speed_gbit(name: str) -> float:
    """Line rate, Gbit/s."""
    kind = kind_of(name)
    found = re.match(r"\d+", kind)
    return float(found.group()) if found else _SPEEDS_GBIT.get(kind, 0.0)


def lanes(name: str) -> int:
    """How many lanes the optics of a port have."""
    return 4 if speed_gbit(name) >= 40 else 1  # noqa: PLR2004 - QSFP


def rank(name: str) -> tuple[int, tuple[int, ...]]:
    """Where an interface stands in `display current-configuration`."""
    found = _NAME.fullmatch(name)
    if found is None:
        return len(INTERFACES) + 1, ()
    kinds = list(INTERFACES)
    place = kinds.index(found.group(1)) if found.group(1) in kinds else kinds.index("LoopBack")
    numbers = tuple(int(part) for part in re.findall(r"\d+", found.group(2)))
    return place, numbers


def _ip(text: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        return None


def _mask(text: str) -> str | None:
    """`30` and 255.255.255.252 alike; VRP shows the latter."""
    try:
        return str(ipaddress.IPv4Network(f"0.0.0.0/{text}").netmask)
    except ValueError:
        return None


def _area(text: str) -> str | None:
    return str(ipaddress.IPv4Address(int(text))) if text.isdecimal() else _ip(text)


def _host(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]+", text) else None


def _any(text: str) -> str | None:
    return text


KINDS = {
    "word": _any,
    "host": _host,
    "ip": _ip,
    "mask": _mask,
    "area": _area,
    "intf": interface,
}
