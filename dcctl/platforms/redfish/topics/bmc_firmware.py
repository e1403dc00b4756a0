"""BIOS and controller as they tell it themselves; the rest by UpdateService/FirmwareInventory/*."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcctl.facts.bmc_firmware import BmcFirmware, FirmwareItem
from dcctl.platforms.redfish._resources import Resources, collector, name_of, text

# Images that lie there and do not run (iDRAC, XClarity, Supermicro).
_NOT_IN_USE = re.compile(r"(?i)(?:previous|available)-.*|.*-pending|.*backup.*")


def _parse(found: Sequence[Resources]) -> BmcFirmware | None:
    systems, managers, inventory = found
    items = tuple(
        FirmwareItem(
            id=name_of(path), name=text(resource, "Name"), version=text(resource, "Version")
        )
        for path, resource in sorted(inventory.items())
        if not _NOT_IN_USE.fullmatch(name_of(path))
    )
    fact = BmcFirmware(
        bios=_told(systems, "BiosVersion"), bmc=_told(managers, "FirmwareVersion"), items=items
    )
    return fact if fact.bios or fact.bmc or fact.items else None


def _told(resources: Resources, key: str) -> tuple[str, ...]:
    return tuple(text(one, key) for _, one in sorted(resources.items()) if text(one, key))


COLLECTOR = collector(
    "bmc_firmware",
    ("GET Systems/*", "GET Managers/*", "GET UpdateService/FirmwareInventory/*"),
    _parse,
)
