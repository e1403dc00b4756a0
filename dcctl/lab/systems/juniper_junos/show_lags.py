"""What Junos answers about aggregated interfaces."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY
from dcctl.lab.systems.juniper_junos.intent import bundle_of
from dcctl.lab.systems.juniper_junos.scene import cell

_IDLE = "warning: lacp subsystem not running - not needed by configuration.\n"
_FLAGS = (
    ("lacp-expired", "Exp", "No", "No"),
    ("lacp-defaulted", "Def", "No", "Yes"),
    ("lacp-distributing", "Dist", "Yes", "No"),
    ("lacp-collecting", "Col", "Yes", "No"),
    ("lacp-synchronization", "Syn", "Yes", "No"),
    ("lacp-aggregation", "Aggr", "Yes", "Yes"),
)


def members(scene: Scene, bundle: str) -> list[tuple[str, bool]]:
    """(name, up) of the ports of an aggregate."""
    return [
        (name, "disable" not in below and name in ports and ports[name].up)
        for ports in (scene.around.ports,)
        for name, below in scene.tree.get("interfaces", EMPTY).items()
        if bundle_of(below) == bundle
    ]


def _lacp(scene: Scene) -> list[tuple[str, str, str]]:
    """(aggregate, activity, timeout) of those that speak LACP."""
    found = []
    for name, below in scene.tree.get("interfaces", EMPTY).items():
        said = [one for one in below.get("aggregated-ether-options", EMPTY) if "lacp" in one]
        if name.startswith("ae") and said:
            activity = "Active" if any("active" in one for one in said) else "Passive"
            timeout = "Slow" if any("periodic slow" in one for one in said) else "Fast"
            found.append((name, activity, timeout))
    return found


def lacp(scene: Scene) -> str:
    """`show lacp interfaces`."""
    bundles = _lacp(scene)
    if not bundles:
        return _IDLE
    blocks = []
    for bundle, activity, timeout in bundles:
        rows = [
            f"Aggregated interface: {bundle}",
            "    LACP state:       Role   Exp   Def  Dist  Col  Syn  Aggr  Timeout  Activity",
        ]
        ports = members(scene, bundle)
        for name, up in ports:
            for role in ("Actor", "Partner"):
                exp, default, dist, col, syn, aggr = (one[2] if up else one[3] for one in _FLAGS)
                rows.append(
                    f"      {name:<11}{role:>9} {exp:>5} {default:>5} {dist:>5} {col:>4} {syn:>4} "
                    f"{aggr:>5} {timeout:>8} {activity:>9}"
                )
        rows.append("    LACP protocol:        Receive State  Transmit State          Mux State")
        for name, up in ports:
            receive, transmit, mux = _machines(timeout, up=up)
            rows.append(f"      {name:<11}{receive:>22} {transmit:>15} {mux}")
        blocks.append("\n".join([*rows, ""]))
    return "\n".join(blocks)


def _machines(timeout: str, *, up: bool) -> tuple[str, str, str]:
    if up:
        return "Current", f"{timeout} periodic", "Collecting distributing"
    return "Port disabled", "No periodic", "Detached"


def lacp_data(scene: Scene) -> Any:
    """`show lacp interfaces` as JSON data."""
    found = []
    for bundle, activity, timeout in _lacp(scene):
        states, machines = [], []
        for name, up in members(scene, bundle):
            for role in ("Actor", "Partner"):
                flags = {one[0]: cell(one[2] if up else one[3]) for one in _FLAGS}
                states.append(
                    {
                        "name": cell(name),
                        "lacp-role": cell(role),
                        **flags,
                        "lacp-timeout": cell(timeout),
                        "lacp-activity": cell(activity),
                    }
                )
            receive, transmit, mux = _machines(timeout, up=up)
            machines.append(
                {
                    "name": cell(name),
                    "lacp-receive-state": cell(receive),
                    "lacp-transmit-state": cell(transmit),
                    "lacp-mux-state": cell(mux),
                }
            )
        one: dict[str, Any] = {"lag-lacp-header": [{"aggregate-name": cell(bundle)}]}
        if states:
            one |= {"lag-lacp-state": states, "lag-lacp-protocol": machines}
        found.append(one)
    if not found:
        return _IDLE
    return {"lacp-interface-information-list": [{"lacp-interface-information": found}]}
