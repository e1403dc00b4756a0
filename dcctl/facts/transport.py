"""What a session's SSH was agreed on when it was opened; the session itself fills it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """The algorithms of one SSH connection (RFC 4253, 7.1), by their SSH names.

    `in` is from the device to us. A MAC is empty where the cipher authenticates by itself.
    """

    kex: str
    host_key: str  # the signature algorithm that proved the key
    host_key_bits: int
    cipher_in: str
    cipher_out: str
    mac_in: str
    mac_out: str
    banner: str  # what the server says it is
    profile: str  # modern, compatible or legacy: what we were allowed to agree to
    through: tuple[str, ...] = ()  # the jump hosts, nearest first


FACT = Transport
