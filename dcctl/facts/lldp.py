"""LLDP neighbours (IEEE 802.1AB)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LldpNeighbor:
    """What is heard on one local interface. A port that ends in `*` was cut by the device."""

    interface: str
    system: str
    port: str
    port_description: str = ""
    management_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LldpNeighbors:
    """All neighbours heard."""

    items: tuple[LldpNeighbor, ...]


FACT = LldpNeighbors
