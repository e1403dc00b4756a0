"""A server is the one that the inventory says, and stands where it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, failed, passed, setting
from dcctl.contracts import Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _identity(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    serial, kind = setting(target, "serial"), setting(target, "device_type")
    if not serial or not kind:
        return cannot_tell(N_("the inventory does not say its serial number and device type"))
    systems = facts["bmc_hardware"].systems
    own = [one for one in systems if serial in (one.serial, one.sku)]
    if not any(one.serial or one.sku for one in systems):
        return cannot_tell(N_("it tells no serial number"))
    if own and not own[0].model:
        return cannot_tell(N_("it tells no model"))
    fits = own and _plain(own[0].model) == _plain(kind.rpartition("/")[2])
    judge = passed if fits else failed
    shown = own[0] if own else systems[0]
    return judge(
        N_("the server is {model}, serial number {serial}"),
        model=shown.model or "-",
        serial=serial if own else shown.serial or shown.sku,
        observed=systems,
        expected=[serial, kind],
    )


def _plain(name: str) -> str:
    """`PowerEdge R760` and `poweredge-r760` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _place(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    rack, position = target.rack or setting(target, "rack"), setting(target, "position")
    if not rack or position is None:
        return cannot_tell(N_("the inventory does not say its rack and position"))
    places = facts["bmc_hardware"].places
    if not places:
        return cannot_tell(N_("it has no field for its place"))
    judge = (
        passed if any((one.rack, one.position) == (rack, position) for one in places) else failed
    )
    return judge(
        N_("its controller places it in rack {rack}, unit {unit}"),
        rack=places[0].rack or "-",
        unit="-" if places[0].position is None else places[0].position,
        observed=places,
        expected=[rack, position],
    )


CHECKS = (
    check(
        "bmc_hardware.identity",
        N_("Serial number and model are those of the inventory"),
        _identity,
        N_("A server that was swapped unseen is not the one that was accepted."),
        N_("Look at the label; correct the inventory, or find out who swapped the server."),
        Severity.MEDIUM,
    ),
    check(
        "bmc_hardware.place",
        N_("The management controller knows its rack and rack unit"),
        _place,
        N_("Whoever is sent to a server must not touch its neighbour."),
        N_("Enter rack and rack unit in the management controller."),
        Severity.LOW,
    ),
)
