"""The box itself: modules, supervisors and installed software."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.install import Install
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.platforms._parsing import expect, own, seconds, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_KINDS = (
    (r"R\d+", "supervisor"),
    (r"FT\d+", "fan"),
    (r"P\d+", "power"),
    (r"\d+", "linecard"),
    (r"\d+/\d+", "port_module"),
)
# How the inventory calls the slots that `show platform` names shortly.
_PLACES = (
    (r"(?:module|slot|Slot) ([RF]?\d+)", r"\1"),
    (r"(?:\w+ )?subslot (\d+/\d+)", r"\1"),
    (r"Power Supply Module (\d+)", r"P\1"),
    (r"Fan Tray (?:Module )?(\d+)", r"FT\1"),
)
_ABSENT = ("empty", "N/A")
_MODES = {"stateful switchover": "sso", "non-redundant": "simplex"}


def hardware(outputs: Sequence[Output]) -> Hardware:
    """`show platform` says how each slot is, `show inventory` what is in it."""
    platform, inventory = outputs
    slots = _slots(own(HERE, "show_platform", platform))
    expect(slots, platform, "no slot")
    parts = own(HERE, "show_inventory", inventory)
    stated = text_of(inventory).count("NAME:")
    expect(parts and stated == len(parts), inventory, "not every part was understood")
    placed = {_place(part["name"]): part for part in parts}
    box = [
        Module(name=part["name"], kind="chassis", ok=True, state="present", **_identity(part))
        for part in parts
        if part["name"] == "Chassis"
    ]
    return Hardware(items=(*box, *(_module(slot, placed.get(slot["slot"], {})) for slot in slots)))


def _slots(records: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """A row a slot; a stack tells its switches and how they are in two tables."""
    merged: dict[str, dict[str, str]] = {}
    for record in records:
        told = {name: text for name, text in record.items() if text}
        merged.setdefault(record["slot"], {}).update(told)
    return [
        slot
        for slot in merged.values()
        if not (slot.get("inserted") == "never" and slot["state"] in _ABSENT)
    ]


def _module(slot: Mapping[str, str], part: Mapping[str, str]) -> Module:
    identity = {"model": slot.get("type", ""), "serial": slot.get("serial", "")}
    identity |= {"revision": slot.get("revision", "")}
    identity |= {name: text for name, text in _identity(part).items() if text}
    state = slot.get("state", "present")
    return Module(
        name=slot["slot"],
        kind=_kind(slot),
        ok=state.partition(",")[0] in ("ok", "Ready", "present"),
        state=state.lower(),
        **identity,
    )


def _kind(slot: Mapping[str, str]) -> str:
    if "inserted" not in slot:
        return "chassis"  # a switch of a stack
    if "FAN" in slot.get("type", ""):
        return "fan"
    return next((kind for form, kind in _KINDS if re.fullmatch(form, slot["slot"])), "other")


def _place(name: str) -> str:
    for pattern, place in _PLACES:
        match = re.fullmatch(pattern, name)
        if match:
            return match.expand(place)
    return name


def _identity(part: Mapping[str, str]) -> dict[str, str]:
    return {name: part.get(name, "") for name in ("model", "serial", "revision")}


def redundancy(outputs: Sequence[Output]) -> Redundancy:
    """The supervisors, and whether the second could take over without a gap."""
    records = own(HERE, "show_redundancy", outputs[0])
    expect(len(records) == 1, outputs[0], "no supervisor")
    record = records[0]
    expect(
        record["hardware"] and record["mode"] and record["communications"], outputs[0], "no mode"
    )
    expect(record["active_state"] == "ACTIVE", outputs[0], "no active supervisor")
    expect(record["standby_state"] or record["why"], outputs[0], "nothing of the peer")
    mode = record["mode"].lower()
    active = Supervisor(name=record["active"], role="active", state="active")
    if record["hardware"] == "Simplex":
        return Redundancy(items=(active,), mode=_MODES.get(mode, mode))
    expect(record["standby"] or record["missing"], outputs[0], "the peer has no place")
    state = record["standby_state"] or record["why"]
    standby = Supervisor(
        name=record["standby"] or f"slot {record['missing']}", role="standby", state=state.lower()
    )
    ready = state == "STANDBY HOT" and record["communications"] == "Up"
    return Redundancy(items=(active, standby), ready=ready, mode=_MODES.get(mode, mode))


# Some releases don't say on what it is active.
TIMER = r"^Auto abort timer: (?:inactive|active(?: on \S+)? ?, time before rollback - ([\d:]+))\s*$"


def install(outputs: Sequence[Output]) -> Install:
    """What runs, and whether it was made permanent on every supervisor."""
    output = outputs[0]
    records = own(HERE, "show_install_summary", output)
    images = {
        state: [r["name"] for r in records if r["type"] == "IMG" and r["state"] == state]
        for state in "CU"
    }
    running = [*images["U"], *images["C"]]
    expect(running, output, "no image that runs")
    timer = re.search(TIMER, text_of(output), re.MULTILINE)
    left = timer.group(1) if timer else None
    return Install(
        running=running[0],
        next_boot=next(iter(images["C"]), ""),
        committed=not any(record["state"] in "UD" for record in records),
        packages=_once(r["name"] for r in records if r["state"] in "CU"),
        pending=_once(r["name"] for r in records if r["state"] != "C"),
        abort_timer_s=seconds(left) if left else None,
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
