"""The firmware of a server, as its management controller lists it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareItem:
    """One entry of the firmware inventory that is in use."""

    id: str
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcFirmware:
    """`bios` of each system and `bmc` of each controller that tells it; the rest by name."""

    bios: tuple[str, ...] = ()
    bmc: tuple[str, ...] = ()
    items: tuple[FirmwareItem, ...] = ()


FACT = BmcFirmware
