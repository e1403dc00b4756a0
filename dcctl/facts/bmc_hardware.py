"""What a server is and where it stands, as its management controller has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One computer. Dell tells the number on the label as its SKU, others as its serial number."""

    name: str
    serial: str = ""
    sku: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a chassis says that it stands; empty and None: nobody entered it."""

    chassis: str
    rack: str = ""
    position: int | None = None  # the lowest rack unit


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcHardware:
    """`places` are of those chassis that can tell one."""

    systems: tuple[System, ...] = ()
    places: tuple[Place, ...] = ()


FACT = BmcHardware
