"""The kinds of arguments that IOS XE commands take, and its names for interfaces."""

from __future__ import annotations

import ipaddress
import re

# Long name and the short one of tables; the order is that of `show running-config`.
INTERFACES = {
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
_NAME = re.compile(r"([A-Za-z-]+?)\s*(\d[\d/.:]*)")


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`gi0/0/1`, `Te 0/1/0`)."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name in INTERFACES if name.lower().startswith(word)]
    if len(fits) > 1:
        fits = [name for name in fits if name.lower() == word] or fits[:1]
    fits = fits or [name for name, short in INTERFACES.items() if short.lower() == word]
    return f"{fits[0]}{number}" if fits else None


def kind_of(name: str) -> str:
    """`TenGigabitEthernet` of TenGigabitEthernet0/1/0."""
    found = _NAME.fullmatch(name)
    return found.group(1) if found else name


def short(name: str) -> str:
    """The name that tables show."""
    found = _NAME.fullmatch(name)
    if found is None:
        return name
    return INTERFACES.get(found.group(1), found.group(1)[:2]) + found.group(2)


def rank(name: str) -> tuple[int, tuple[int, ...]]:
    """Where an interface stands in `show running-config`."""
    found = _NAME.fullmatch(name)
    if found is None:
        return len(INTERFACES), ()
    kinds = list(INTERFACES)
    place = kinds.index(found.group(1)) if found.group(1) in kinds else len(kinds)
    return place, tuple(int(part) for part in re.findall(r"\d+", found.group(2)))


def _ip(text: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        return None


def _host(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]+", text) else None


def _signed(text: str) -> str | None:
    return text if re.fullmatch(r"-?\d+", text) else None


def _any(text: str) -> str | None:
    return text


KINDS = {"word": _any, "host": _host, "ip": _ip, "intf": interface, "sint": _signed}
