"""Interfaces: state, addresses and error counters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One interface.

    Addresses carry their prefix length; counters count since they were cleared; rates are in bits a
    second, averaged over the interval that the device is set to.
    """

    name: str
    admin_up: bool
    oper_up: bool
    description: str = ""
    mtu: int | None = None
    speed_bps: int | None = None
    addresses: tuple[str, ...] = ()
    mac: str = ""
    in_errors: int | None = None
    out_errors: int | None = None
    crc_errors: int | None = None
    in_discards: int | None = None
    out_discards: int | None = None
    in_bps: int | None = None
    out_bps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interfaces:
    """All interfaces of a device."""

    items: tuple[Interface, ...]


FACT = Interfaces
