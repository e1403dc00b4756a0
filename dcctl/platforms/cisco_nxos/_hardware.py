"""Modules, supervisors, what the environment reports as wrong, and the PTP clock of NX-OS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.ptp import Ptp
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.platforms._parsing import Record, expect, ntc, text_of
from dcctl.platforms.cisco_nxos._routing import off

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_OK = {"ok", "active", "active *", "standby", "ha-standby"}
_KINDS = (
    (re.compile(r"power supply", re.IGNORECASE), "power"),
    (re.compile(r"\bfan\b", re.IGNORECASE), "fan"),
    (re.compile(r"supervisor", re.IGNORECASE), "supervisor"),
    (re.compile(r"fabric", re.IGNORECASE), "fabric"),
    (re.compile(r"module|line ?card", re.IGNORECASE), "linecard"),
)
_WELL = {"ok", "powered-up", "normal", "absent", "none"}
_TABLE = re.compile(
    r"^Mod +Ports +Module-Type +Model +Status *\n[- ]+\n(?P<rows>(?:.*\S.*(?:\n|\Z))+)",
    re.MULTILINE,
)
# Number, ports, type, model (a module that is off may tell none), and a state in small letters.
_ROW = re.compile(r"(?P<number>\d+) +\d+ +\S.* (?P<state>[a-z][a-z-]*(?: \*)?) *$")
_LOCKED_NS = 1000  # a clock further off than a microsecond is still being pulled in


def hardware(outputs: Sequence[Output]) -> Hardware:
    """What the inventory names, and how the box says that it does."""
    inventory, module, environment = outputs
    states = _states(module, environment)
    records = ntc("cisco_nxos_show_inventory", inventory)
    stated = text_of(inventory).count("PID:")
    expect(records and len(records) == stated, inventory, "not every part was understood")
    items = []
    for record in records:
        name = record["name"].strip().strip('"')
        description = record["descr"].strip().strip('"')
        kind = "chassis" if name.lower() == "chassis" else _kind(f"{name} {description}")
        state = states.get(name.lower(), "present")
        items.append(
            Module(
                name=name,
                kind=kind,
                ok=state in (*_OK, *_WELL, "present"),
                state=state,
                model=record["pid"],
                serial="" if record["sn"] == "N/A" else record["sn"],
                revision=record["vid"],
            )
        )
    return Hardware(items=tuple(items))


def _kind(text: str) -> str:
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), "other")


def _modules(output: Output) -> dict[str, str]:
    """The state of each module, in the switch's own word.

    Read here, since ntc-templates' template knows a few states only and leaves out the module that
    is in another.
    """
    table = _TABLE.search(text_of(output))
    rows = table["rows"].splitlines() if table else []
    found = [_ROW.match(row) for row in rows]
    expect(found and all(found), output, "not every module was understood")
    return {row["number"]: row["state"] for row in found if row}


def _states(module: Output, environment: Output) -> dict[str, str]:
    """The state of a part, by the name that the inventory gives it."""
    found = {f"slot {number}": state for number, state in _modules(module).items()}
    for one in ntc("cisco_nxos_show_environment", environment):
        if one["power_supply"]:
            found[f"power supply {one['power_supply']}"] = one["power_supply_status"].lower()
        place = re.search(r"\d+", one["fan"] or "")
        if place:
            found.setdefault(f"fan {place.group()}", one["fan_status"].lower())
    return found


def alarms(outputs: Sequence[Output]) -> Alarms:
    """NX-OS keeps no list of alarms: what its environment and modules report as wrong, now."""
    environment, module = outputs
    records = ntc("cisco_nxos_show_environment", environment)
    expect(records, environment, "no environment in it")
    items = [alarm for record in records for alarm in _wrong(record)]
    items += [
        Alarm(severity="major", text=f"module {number}: {state}", source="module")
        for number, state in _modules(module).items()
        if state not in _OK
    ]
    return Alarms(items=tuple(items))


def _wrong(record: Record) -> Iterator[Alarm]:
    parts = (
        ("power supply", record["power_supply"], record["power_supply_status"], "power"),
        ("fan", record["fan"], record["fan_status"], "cooling"),
        (
            "temperature",
            f"{record['temperature_module']} {record['temperature_sensor']}".strip(),
            record["temperature_status"],
            "temperature",
        ),
    )
    for kind, name, state, source in parts:
        if state and state.lower() not in _WELL:
            yield Alarm(severity="major", text=f"{kind} {name}: {state}", source=source)


_SUPERVISOR = re.compile(
    r"^(?P<which>This|Other) supervisor \((?P<name>[\w-]+)\)\s*\n-+\s*\n"
    r"(?P<body>(?:[ \t].*\n?|[ \t]*\n(?=[ \t]))*)",
    re.MULTILINE,
)


def redundancy(outputs: Sequence[Output]) -> Redundancy:
    """Both supervisors, and whether the other could take over."""
    output = outputs[0]
    text = text_of(output)
    mode = re.search(r"^\s*operational:\s*(.+?)\s*$", text, re.MULTILINE)
    found = {one["which"]: one for one in _SUPERVISOR.finditer(text)}
    expect(mode and "This" in found, output, "no supervisor in it")
    items, ready = [], None
    for which, one in found.items():
        state = re.search(r"Redundancy state:\s*(.+?)\s*$", one["body"], re.MULTILINE)
        inner = re.search(r"Internal state:\s*(.+?)\s*$", one["body"], re.MULTILINE)
        expect(state, output, f"{one['name']} has no state")
        word = state.group(1).lower() if state else ""
        if word == "not present":
            items.append(Supervisor(name=one["name"], role="empty", state=word))
            continue
        role = "standby" if "standby" in word else "active"
        items.append(Supervisor(name=one["name"], role=role, state=word))
        if which == "Other":
            ready = bool(inner and inner.group(1).lower() == "ha standby")
    return Redundancy(items=tuple(items), ready=ready, mode=mode.group(1).lower() if mode else "")


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    """The PTP clock; None where the feature is off."""
    output = outputs[0]
    if off(output) or re.search(r"PTP (?:is not enabled|feature.*not)", output.text):
        return None
    text = text_of(output)
    values = dict(re.findall(r"^\s*([\w ()]+?)\s*:\s*(\S.*?)\s*$", text, re.MULTILINE))
    expect("PTP Device Type" in values or "Clock Identity" in values, output, "no clock in it")
    offset = values.get("Offset From Master", "")
    steps = values.get("Steps removed", "")
    follows = steps.isdigit() and int(steps) > 0
    nanoseconds = float(offset) if re.fullmatch(r"-?\d+(?:\.\d+)?", offset) else None
    close = nanoseconds is not None and abs(nanoseconds) <= _LOCKED_NS
    domain = values.get("Clock Domain", "")
    return Ptp(
        state="locked" if follows and close else "acquiring" if follows else "freerun",
        domain=int(domain) if domain.isdigit() else None,
        steps_removed=int(steps) if steps.isdigit() else None,
        offset_ns=nanoseconds,
    )
