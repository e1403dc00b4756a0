"""How much an interface carries now, where a device's own command line has no rates to tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceRate:
    """Bits a second over the last moment, between two readings of the kernel's counters."""

    interface: str
    in_bps: int
    out_bps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """All interfaces but the loopback; `over_s` lies between the two readings."""

    items: tuple[InterfaceRate, ...]
    over_s: float


FACT = Rates
