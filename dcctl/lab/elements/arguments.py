"""Kinds of arguments that several systems take: the text in its canonical form, or nothing."""

from __future__ import annotations

import ipaddress
import re


def anything(text: str) -> str:
    """Any word."""
    return text


def host(text: str) -> str | None:
    """A name or an address."""
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]+", text) else None


def signed(text: str) -> str | None:
    """A whole number, perhaps negative."""
    return text if re.fullmatch(r"-?\d+", text) else None


def ipv4(text: str) -> str | None:
    """`10.0.0.1`."""
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        return None


def ipv6(text: str) -> str | None:
    """`2001:db8::1`."""
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def prefix(text: str) -> str | None:
    """`10.0.0.1/24`, host bits kept."""
    try:
        return str(ipaddress.IPv4Interface(text)) if "/" in text else None
    except ValueError:
        return None


def area(text: str) -> str | None:
    """An OSPF area; a number becomes dotted."""
    return str(ipaddress.IPv4Address(int(text))) if text.isdecimal() else ipv4(text)
