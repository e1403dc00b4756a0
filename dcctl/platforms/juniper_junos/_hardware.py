"""The box itself: modules, routing engines, installed software."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.install import Install
from dcctl.facts.redundancy import Redundancy, Supervisor
from dcctl.platforms._parsing import expect
from dcctl.platforms.juniper_junos._json import every, root_of, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_KINDS = (
    (r"Routing Engine", "supervisor"),
    (r"(?:FPC \d+ )?[MP]IC", "port_module"),
    (r"CB|SCB|SFB|SIB|SPMB", "fabric"),
    (r"(?:FPC \d+ )?(?:PEM|PSU|PSM|PDU|Power Supply)", "power"),
    (r"(?:FPC \d+ )?Fan", "fan"),
    (r"FPC", "linecard"),
)
_WELL = ("ok", "present", "online")
_ROLES = {"master": "active", "backup": "standby"}


def hardware(outputs: Sequence[Output]) -> Hardware:
    """`show chassis hardware` says what is there, `show chassis environment` how it is."""
    inventory, environment = outputs
    root = root_of(inventory, "chassis-inventory")
    chassis = next(every(root or {}, "chassis"), None)
    expect(chassis is not None, inventory, "no chassis")
    states = _states(environment)
    box = _module("Chassis", chassis or {}, {}, "chassis")
    modules = (_module(name, found, states) for name, found in _parts(chassis or {}))
    return Hardware(items=(box, *modules))


def _parts(chassis: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Modules, and what of them can be pulled on its own."""
    for module in every(chassis, "chassis-module"):
        name = text(module, "name")
        yield name, module
        for part in every(module, "chassis-sub-module"):
            if re.match(r"MIC|PIC|Power Supply|Fan", text(part, "name")):
                yield f"{name} {text(part, 'name')}", part


def _states(environment: Output) -> dict[str, str]:
    """What the environment says of each place."""
    root = root_of(environment, "environment-information")
    items = list(every(root or {}, "environment-item"))
    expect(items, environment, "no item")
    return {text(item, "name"): text(item, "status").lower() for item in items}


def _module(name: str, found: dict[str, Any], states: dict[str, str], kind: str = "") -> Module:
    about = [s for place, s in states.items() if place == name or place.startswith(f"{name} ")]
    state = next((s for s in about if s not in _WELL), about[0] if about else "present")
    serial, part = text(found, "serial-number"), text(found, "part-number")
    found_kind = next((k for form, k in _KINDS if re.match(form, name)), "other")
    return Module(
        name=name,
        kind=kind or found_kind,
        ok=state in _WELL,
        state=state,
        model=text(found, "model-number") or text(found, "description") or part,
        serial="" if serial == "BUILTIN" else serial,
        revision=text(found, "version"),
    )


def redundancy(outputs: Sequence[Output]) -> Redundancy:
    """The routing engines, and whether the other could take over without a gap."""
    engines, replication = outputs
    root = root_of(engines, "route-engine-information")
    found = list(every(root or {}, "route-engine"))
    expect(found, engines, "no routing engine")
    items = tuple(_supervisor(engine, engines) for engine in found)
    if len(items) == 1:
        return Redundancy(items=items, mode="simplex")
    state = root_of(replication, "task-replication-state")
    expect(state and text(state, "task-gres-state"), replication, "no switchover state")
    graceful = text(state or {}, "task-gres-state") == "Enabled"
    protocols = _replicated(state or {})
    standby = [item for item in items if item.role == "standby"]
    ready = graceful and bool(standby) and all(item.state in ("ok", "backup") for item in standby)
    return Redundancy(
        items=items,
        ready=ready and all(word == "Complete" for word in protocols),
        mode="nsr" if protocols else "gres" if graceful else "none",
    )


def _supervisor(engine: dict[str, Any], output: Output) -> Supervisor:
    role = text(engine, "mastership-state").lower()
    expect(role, output, "a routing engine has no role")
    return Supervisor(
        name=f"Routing Engine {text(engine, 'slot') or 0}",
        role=_ROLES.get(role, "standby"),
        # An engine that has no other beside it may tell no status.
        state=(text(engine, "status").lower() or role) if role in _ROLES else role,
    )


def _replicated(state: dict[str, Any]) -> list[str]:
    """How far each protocol's nonstop routing is."""
    found = state.get("task-protocol-replication-state", [])
    words = found if isinstance(found, list) else [found]
    return [str(one.get("data", "") if isinstance(one, dict) else one) for one in words]


def install(outputs: Sequence[Output]) -> Install:
    """What runs; Junos keeps no uncommitted software, and names no other for the next boot."""
    root = root_of(outputs[0], "software-information")
    expect(root and text(root, "junos-version"), outputs[0], "no version")
    # The comment is what a person is shown; it alone tells the build.
    found = list(every(root or {}, "package-information"))
    packages = (text(one, "comment") or text(one, "name") for one in found)
    return Install(
        running=text(root or {}, "junos-version"), packages=tuple(filter(None, packages))
    )
