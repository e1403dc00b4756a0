"""The box itself: modules, supervisors, alarms and installed software."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.install import Install
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.platforms._parsing import expect, own, text_of
from dcctl.platforms.cisco_xr._answers import HERE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.contracts import Output

_OK = {"IOS XR RUN", "OPERATIONAL", "OK", "READY", "UP"}
# The last part of a node's name that says what it is; what stands first counts.
_KINDS = (
    (r"\d+/RS?P\d+(?:/CPU\d+)?", "supervisor"),
    (r"\d+/(?:FT|FAN)\d+(?:/SP)?", "fan"),
    (r"\d+/(?:PM|PT|PS)\d+(?:/[A-Z0-9]+)?", "power"),
    (r"\d+/F[BC]\d+(?:/SP)?", "fabric"),
    (r"\d+/\d+/CPU\d+", "linecard"),
    (r"\d+/\d+/\d+", "port_module"),
    (r"Rack \d+", "chassis"),
)


def hardware(outputs: Sequence[Output]) -> Hardware:
    """`show platform` says how each node is, `show inventory` what is in it."""
    platform, inventory = outputs
    nodes = own(HERE, "show_platform", platform)
    expect(nodes, platform, "no node")
    text = text_of(inventory)
    parts = own(HERE, "show_inventory", inventory)
    expect(parts and text.count("NAME:") == len(parts), inventory, "not every part was understood")
    known = {part["name"].replace("module ", ""): part for part in parts}
    items = [_module(node, known) for node in nodes]
    racks = [
        Module(name=name, kind="chassis", ok=True, state="present", **_identity(part))
        for name, part in known.items()
        if name.startswith("Rack ")
    ]
    return Hardware(items=(*racks, *items))


def _module(node: Mapping[str, str], parts: Mapping[str, Mapping[str, str]]) -> Module:
    name = node["node"]
    part = parts.get(name) or parts.get(re.sub(r"/(?:CPU\d+|SP)$", "", name), {})
    kind = next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, name)), "other")
    identity = {"model": node["type"], **{k: v for k, v in _identity(part).items() if v}}
    return Module(
        name=name, kind=kind, ok=node["state"] in _OK, state=node["state"].lower(), **identity
    )


def _identity(part: Mapping[str, str]) -> dict[str, str]:
    return {
        field: {"N/A": ""}.get(part.get(column, ""), part.get(column, ""))
        for field, column in (("model", "model"), ("serial", "serial"), ("revision", "revision"))
    }


def redundancy(outputs: Sequence[Output]) -> Redundancy:
    """The two supervisors, and whether the second could take over without a gap."""
    records = own(HERE, "show_redundancy_summary", outputs[0])
    nodes = [record for record in records if record["kind"] != "P"]
    expect(len(nodes) == 1, outputs[0], "no pair of nodes")
    pair = nodes[0]
    active = Supervisor(name=pair["active"], role="active", state="active")
    if pair["standby"] in ("", "N/A"):
        return Redundancy(items=(active,), mode="simplex")
    expect(pair["status"], outputs[0], "the standby has no state")
    nsr = pair["nsr"].strip().lower()
    ready = pair["status"].strip().lower() == "node ready" and nsr != "not ready"
    standby = Supervisor(name=pair["standby"], role="standby", state=pair["status"].strip().lower())
    return Redundancy(
        items=(active, standby), ready=ready, mode="nsr" if nsr in ("ready", "not ready") else ""
    )


def alarms(outputs: Sequence[Output]) -> Alarms:
    """What stands now."""
    text = text_of(outputs[0])
    records = own(HERE, "show_alarms_brief_system_active", outputs[0])
    headed = re.search(r"^Location +Severity +Group", text, re.MULTILINE)
    expect(headed, outputs[0], "no heading")
    items = [
        Alarm(
            severity=_severity(record["severity"]),
            text=record["text"],
            source=record["location"],
            since=record["since"],
        )
        for record in records
    ]
    return Alarms(items=tuple(items))


def _severity(word: str) -> str:
    lowered = word.lower()
    return lowered if lowered in ("critical", "major", "minor") else "info"


def install(outputs: Sequence[Output]) -> Install:
    """What runs, and whether a reload would keep it."""
    active, committed = (own(HERE, "show_install_summary", output) for output in outputs)
    for output, records in zip(outputs, (active, committed), strict=True):
        stated = re.search(r"Packages:\s+(\d+)\s*$", text_of(output), re.MULTILINE)
        whole = stated is None or int(stated.group(1)) == len(records)
        expect(records and whole, output, "not every package was understood")
    release, next_boot = (
        _release(output, records)
        for output, records in zip(outputs, (active, committed), strict=True)
    )
    expect(release, outputs[0], "no release")
    now, kept = ([_package(record) for record in records] for records in (active, committed))
    pending = tuple(name for name in now if name not in kept)
    return Install(
        running=release,
        next_boot=next_boot,
        committed=set(now) == set(kept) and release == next_boot,
        packages=tuple(now),
        pending=pending,
    )


def _package(record: Mapping[str, str]) -> str:
    boot = record["package"].endswith(f"-{record['version']}")
    return record["package"] if boot or not record["version"] else " ".join(record.values())


def _release(output: Output, records: Sequence[Mapping[str, str]]) -> str:
    label = re.search(r"^\s*Label\s*:\s*(\S+)", text_of(output), re.MULTILINE)
    boot = next((r["version"] for r in records if r["package"].endswith(f"-{r['version']}")), "")
    return boot or (label.group(1) if label else "")
