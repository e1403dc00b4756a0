"""Chassis/*/Power, or the newer PowerSubsystem of a chassis that has no Power (DSP2046)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcctl.facts.bmc_power import BmcPower, Supply
from dcctl.platforms.redfish._resources import (
    Resource,
    Resources,
    collector,
    name_of,
    part,
    parts,
    text,
    whole,
)


def _parse(found: Sequence[Resources]) -> BmcPower | None:
    powers, subsystems, newer = found
    older = [one for power in powers.values() for one in parts(power, "PowerSupplies")]
    told = older or list(newer.values())
    groups = [one for power in powers.values() for one in parts(power, "Redundancy")]
    groups += [one for new in subsystems.values() for one in parts(new, "PowerSupplyRedundancy")]
    supplies = tuple(_supplies(told))
    redundancy = tuple(text(part(one, "Status"), "Health") for one in groups)
    return BmcPower(supplies=supplies, redundancy=redundancy) if supplies else None


def _supplies(told: Sequence[Resource]) -> Iterator[Supply]:
    for one in told:
        status = part(one, "Status")
        if text(status, "State") == "Absent":
            continue
        name = text(one, "Name") or name_of(text(one, "@odata.id"))
        yield Supply(
            name=name,
            state=text(status, "State"),
            health=text(status, "Health"),
            fed=_fed(one),
        )


def _fed(one: Resource) -> bool | None:
    line, volts = text(one, "LineInputStatus"), whole(one, "LineInputVoltage")
    if line:
        return line == "Normal"
    return None if volts is None else volts > 0


COLLECTOR = collector(
    "bmc_power",
    (
        "GET Chassis/*/Power",
        "GET Chassis/*/PowerSubsystem",
        "GET Chassis/*/PowerSubsystem/PowerSupplies/*",
    ),
    _parse,
)
