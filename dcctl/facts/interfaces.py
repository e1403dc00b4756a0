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


def same_interface(one: str, other: str) -> bool:
    """Whether two names mean one interface: `Gi0/0/1` is `GigabitEthernet0/0/1`, in any case."""
    a, b = _split(one), _split(other)
    if a[1] != b[1]:
        return False
    return a[0].startswith(b[0]) or b[0].startswith(a[0])


def _split(name: str) -> tuple[str, str]:
    lowered = name.strip().lower()
    head = lowered.rstrip("0123456789/.:-")
    return head.rstrip("-"), lowered[len(head) :].lstrip("-")
