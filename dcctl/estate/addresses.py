"""Addresses, checked through the C library first: ten thousands of them stand in one estate."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_interface

_IPV4_BITS = 32


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address."""
    try:
        socket.inet_pton(socket.AF_INET, text)
    except OSError:
        try:
            ip_address(text)
        except ValueError:
            return False
    return True


def is_interface_address(text: str) -> bool:
    """Whether `text` is an address with a prefix length."""
    address, slash, length = text.partition("/")
    if not slash or not length.isdecimal() or not is_address(address):
        return False
    if ":" not in address:
        return int(length) <= _IPV4_BITS
    try:
        ip_interface(text)
    except ValueError:
        return False
    return True


def bare(text: str) -> str:
    """The address of an interface address, always written the same way."""
    address = text.partition("/")[0]
    return str(ip_address(address)) if ":" in address else address


def same_subnet(first: str, second: str) -> bool:
    """Whether two interface addresses lie in one subnet and know it."""
    (one, _, length), (other, _, other_length) = first.partition("/"), second.partition("/")
    if ":" in one or ":" in other:
        return ip_interface(first).network == ip_interface(second).network
    free = _IPV4_BITS - int(length)
    return length == other_length and _number(one) >> free == _number(other) >> free


def _number(address: str) -> int:
    return int.from_bytes(socket.inet_pton(socket.AF_INET, address), "big")
