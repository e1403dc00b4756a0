"""The kinds of arguments that NX-OS commands take, and its names for interfaces."""

from __future__ import annotations

import ipaddress
import re

# Long name and the short one of tables; the order is that of `show running-config`.
INTERFACES = {
    "Vlan": "Vlan",
    "port-channel": "Po",
    "nve": "nve",
    "Tunnel": "Tunnel",
    "Ethernet": "Eth",
    "mgmt": "mgmt",
    "loopback": "Lo",
}
PHYSICAL = ("Ethernet", "mgmt")
_NAME = re.compile(r"([A-Za-z-]+?)\s*(\d[\d/.]*)")


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`eth1/1`, `lo 0`)."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name in INTERFACES if name.lower().startswith(word)]
    return f"{fits[0]}{number}" if fits else None


def kind_of(name: str) -> str:
    """`Ethernet` of Ethernet1/1."""
    found = _NAME.fullmatch(name)
    return found.group(1) if found else name


def short(name: str) -> str:
    """The name that tables show."""
    kind = kind_of(name)
    return INTERFACES.get(kind, kind) + name[len(kind) :]


def rank(label: str) -> int:
    """Where an interface's kind stands in `show running-config`."""
    kind = kind_of(label.partition(" ")[2]) if label.startswith("interface ") else ""
    return list(INTERFACES).index(kind) if kind in INTERFACES else 0


def _ip(text: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        return None


def _prefix(text: str) -> str | None:
    try:
        return str(ipaddress.IPv4Interface(text)) if "/" in text else None
    except ValueError:
        return None


def _host(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]+", text) else None


def _area(text: str) -> str | None:
    return str(ipaddress.IPv4Address(int(text))) if text.isdecimal() else _ip(text)


def _time(text: str) -> str | None:
    return text if re.fullmatch(r"now|\+?[\d:]+", text) else None


def _hours(text: str) -> str | None:
    return text if re.fullmatch(r"-?(?:1?\d|2[0-3])", text) else None


def _any(text: str) -> str | None:
    return text


KINDS = {
    "word": _any,
    "host": _host,
    "ip": _ip,
    "prefix": _prefix,
    "area": _area,
    "time": _time,
    "hours": _hours,
    "intf": interface,
}
