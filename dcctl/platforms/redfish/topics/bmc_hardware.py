"""Systems/* and the places of Chassis/* (DSP2046, ComputerSystem, Chassis, Resource.Location)."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.facts.bmc_hardware import BmcHardware, Place, System
from dcctl.platforms.redfish._resources import (
    Resources,
    collector,
    name_of,
    part,
    text,
    whole,
)


def _parse(found: Sequence[Resources]) -> BmcHardware | None:
    systems = tuple(
        System(
            name=name_of(path),
            serial=text(one, "SerialNumber").strip(),
            sku=text(one, "SKU").strip(),
            model=text(one, "Model").strip(),
        )
        for path, one in sorted(found[0].items())
    )
    placed = {
        path: part(part(one, "Location"), "Placement") for path, one in sorted(found[1].items())
    }
    places = tuple(
        Place(
            chassis=name_of(path),
            rack=text(place, "Rack").strip(),
            position=whole(place, "RackOffset"),
        )
        for path, place in placed.items()
        if place
    )
    return BmcHardware(systems=systems, places=places) if systems else None


COLLECTOR = collector("bmc_hardware", ("GET Systems/*", "GET Chassis/*"), _parse)
