"""Modules, supplies, fans, supervisors and clocks of EOS, from its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.ptp import Ptp
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.platforms._parsing import expect
from dcctl.platforms.arista_eos._answers import (
    data_of,
    decimal,
    part,
    parts,
    whole,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_CARDS = (("Supervisor", "supervisor"), ("Fabric", "fabric"), ("Linecard", "linecard"))
_LOCKED_NS = 1000  # a clock further off than a microsecond is still being pulled in


def hardware(outputs: Sequence[Output]) -> Hardware:
    """The chassis, its cards, power supplies and fan trays."""
    inventory, power, cooling = outputs
    held = data_of(inventory, "systemInformation")
    system = part(inventory, held, "systemInformation")
    items = [
        Module(
            name="chassis",
            kind="chassis",
            ok=True,
            state="ok",
            model=word(inventory, system, "name"),
            serial=str(system.get("serialNum") or ""),
            revision=str(system.get("hardwareRev") or ""),
        ),
        *_cards(held),
        *_supplies(inventory, held, power),
        *_fans(inventory, held, cooling),
    ]
    return Hardware(items=tuple(items))


def _cards(held: dict[str, Any]) -> Iterator[Module]:
    for name, card in (held.get("cardSlots") or {}).items():
        model = str(card.get("modelName") or "")
        if model in ("", "Not Inserted"):
            continue
        kind = next((kind for start, kind in _CARDS if name.startswith(start)), "other")
        yield Module(
            name=name,
            kind=kind,
            ok=True,
            state="present",
            model=model,
            serial=str(card.get("serialNum") or ""),
            revision=str(card.get("hardwareRev") or ""),
        )


def _supplies(output: Output, held: dict[str, Any], power: Output) -> Iterator[Module]:
    slots = part(output, held, "powerSupplySlots")
    states = part(power, data_of(power, "powerSupplies"), "powerSupplies")
    for name in sorted({*slots, *states}, key=str):
        state = str((states.get(name) or {}).get("state") or "unknown")
        slot = slots.get(name) or {}
        yield Module(
            name=f"PowerSupply{name}",
            kind="power",
            ok=state.lower() == "ok",
            state=state.lower(),
            model=str(slot.get("name") or (states.get(name) or {}).get("modelName") or ""),
            serial=str(slot.get("serialNum") or ""),
        )


def _fans(output: Output, held: dict[str, Any], cooling: Output) -> Iterator[Module]:
    slots = part(output, held, "fanTraySlots")
    for tray in parts(cooling, data_of(cooling, "systemStatus"), "fanTraySlots"):
        label = word(cooling, tray, "label")
        state = word(cooling, tray, "status").lower()
        yield Module(
            name=f"Fan{label}",
            kind="fan",
            ok=state == "ok",
            state=state,
            model=str((slots.get(label) or {}).get("name") or ""),
        )


def alarms(outputs: Sequence[Output]) -> Alarms:
    """EOS keeps no list of alarms: what its environment reports as wrong, now."""
    temperature, power, cooling = outputs
    items = [
        *_warm(temperature),
        *(
            Alarm(severity="major", text=f"power supply {name}: {state}", source="power")
            for name, state in _states(power)
            if state.lower() != "ok"
        ),
        *(
            Alarm(severity="major", text=f"fan {label}: {state}", source="cooling")
            for label, state in _trays(cooling)
            if state.lower() != "ok"
        ),
    ]
    return Alarms(items=tuple(items))


def _states(output: Output) -> Iterator[tuple[str, str]]:
    for name, one in part(output, data_of(output, "powerSupplies"), "powerSupplies").items():
        yield name, word(output, one, "state")


def _trays(output: Output) -> Iterator[tuple[str, str]]:
    data = data_of(output, "systemStatus")
    for slot in (*parts(output, data, "fanTraySlots"), *parts(output, data, "powerSupplySlots")):
        yield word(output, slot, "label"), word(output, slot, "status")


def _warm(output: Output) -> Iterator[Alarm]:
    data = data_of(output, "systemStatus")
    sensors = list(parts(output, data, "tempSensors"))
    for key in ("cardSlots", "powerSupplySlots"):
        for slot in parts(output, data, key):
            sensors += parts(output, slot, "tempSensors")
    for sensor in sensors:
        state = str(sensor.get("hwStatus") or "ok")
        warm = decimal(output, sensor, "currentTemperature")
        limit = decimal(output, sensor, "overheatThreshold")
        hot = warm is not None and limit is not None and warm >= limit > 0
        if sensor.get("inAlertState") or hot or state not in ("ok", "unknownHwStatus"):
            text = f"{sensor.get('name')} {sensor.get('description')}: {warm} C, {state}"
            yield Alarm(severity="major", text=text, source="temperature")
    status = word(output, data, "systemStatus")
    if status != "temperatureOk" and not sensors:
        yield Alarm(severity="major", text=f"temperature: {status}", source="temperature")


def redundancy(output: Output) -> Redundancy:
    """Both supervisors, and whether the other could take over."""
    data = data_of(output, "operationalProtocol")
    peer = word(output, data, "peerState")
    protocol = word(output, data, "operationalProtocol").lower()
    own = str(data.get("myMode") or data.get("myState") or "active").lower()
    single = peer in ("unknownPeerState", "notInserted", "disabled") or protocol == "simplex"
    items = [Supervisor(name=str(data.get("unitDesc") or "1"), role="active", state=own)]
    if not single:
        items.append(Supervisor(name="peer", role="standby", state=peer.lower()))
    ready = data.get("switchoverReady")
    expect(ready is None or isinstance(ready, bool), output, "switchoverReady is no yes or no")
    return Redundancy(items=tuple(items), ready=None if single else bool(ready), mode=protocol)


_MODES = {"ptpDisabled": "disabled"}


def ptp(output: Output) -> Ptp | None:
    """The PTP clock; None where PTP is off."""
    data = data_of(output, "ptpMode")
    if word(output, data, "ptpMode") in _MODES:
        return None
    summary = data.get("ptpClockSummary") or {}
    if not summary.get("gmClockIdentity"):
        return Ptp(state="freerun", profile=str(data.get("ptpProfile") or ""))
    offset = decimal(output, summary, "offsetFromMaster")
    follows = bool(summary.get("slavePort"))
    locked = follows and offset is not None and abs(offset) <= _LOCKED_NS
    state = "locked" if locked else "acquiring" if follows else "freerun"
    return Ptp(
        state=state,
        profile=str(data.get("ptpProfile") or ""),
        grandmaster=_identity(summary, "gmClockIdentity"),
        steps_removed=whole(output, summary, "stepsRemoved"),
        offset_ns=offset,
    )


def _identity(summary: dict[str, Any], key: str) -> str:
    return str(summary.get(key) or "").removeprefix("0x")
