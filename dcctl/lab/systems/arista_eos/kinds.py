"""The kinds of arguments that EOS commands take, and its names for interfaces."""

from __future__ import annotations

import ipaddress
import re

# Long name and the short one of tables; the order is that of `show running-config`.
INTERFACES = {
    "Port-Channel": "Po",
    "Ethernet": "Et",
    "Loopback": "Lo",
    "Management": "Ma",
    "Tunnel": "Tu",
    "Vlan": "Vl",
    "Vxlan": "Vx",
}
PHYSICAL = ("Ethernet", "Management")
_NAME = re.compile(r"([A-Za-z-]+?)\s*(\d[\d/.]*)")


def interface(text: str) -> str | None:
    """The full name of an interface from any beginning of it (`et1`, `Ma1`)."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    word, number = found.group(1).lower(), found.group(2)
    fits = [name for name in INTERFACES if name.lower() == word]
    fits = fits or [name for name in INTERFACES if name.lower().startswith(word)]
    return f"{fits[0]}{number}" if fits else None


def kind_of(name: str) -> str:
    """`Ethernet` of Ethernet1/1."""
    found = _NAME.fullmatch(name)
    return found.group(1) if found else name


def short(name: str) -> str:
    """The name that tables show."""
    kind = kind_of(name)
    return INTERFACES.get(kind, kind[:2]) + name[len(kind) :]


def rank(label: str) -> int:
    """Where an interface's kind stands in `show running-config`."""
    name = label.partition(" ")[2] if label.startswith("interface ") else ""
    return list(INTERFACES).index(kind_of(name)) if kind_of(name) in INTERFACES else 0


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


def _ipv6(text: str) -> str | None:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def _host(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]+", text) else None


def _area(text: str) -> str | None:
    return str(ipaddress.IPv4Address(int(text))) if text.isdecimal() else _ip(text)


def _time(text: str) -> str | None:
    return text if re.fullmatch(r"\d{1,2}:\d{1,2}:\d{1,2}", text) else None


def _any(text: str) -> str | None:
    return text


KINDS = {
    "word": _any,
    "host": _host,
    "ip": _ip,
    "ipv6": _ipv6,
    "prefix": _prefix,
    "area": _area,
    "time": _time,
    "intf": interface,
}
