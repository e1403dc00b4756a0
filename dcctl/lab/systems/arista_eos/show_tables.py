"""What EOS answers about a default route, VRF by VRF, as its JSON."""

from __future__ import annotations

import ipaddress
from typing import Any

from dcctl.lab.elements.tree import value, values
from dcctl.lab.systems.arista_eos.scene import Scene


def _via(scene: Scene, vrf: str) -> dict[str, str]:
    """The next hop of the static default route that can be reached, and the port to it."""
    start = "0.0.0.0/0 " if vrf == "default" else f"vrf {vrf} 0.0.0.0/0 "
    at = [
        (name, ipaddress.ip_interface(line.split(" ")[0]).network)
        for name, section in scene.interfaces()
        if value(section, "vrf") == ("" if vrf == "default" else vrf) and scene.up(name, section)
        for line in values(section, "ip address")
    ]
    for line in values(scene.tree, "ip route"):
        hop = line.removeprefix(start).split(" ")[0]
        for name, network in at if line.startswith(start) else ():
            if ipaddress.ip_address(hop) in network:
                return {"nexthopAddr": hop, "interface": name}
    return {}


def _vrf(scene: Scene, vrf: str) -> dict[str, Any]:
    via = _via(scene, vrf)
    route = {
        "hardwareProgrammed": True,
        "routeType": "static",
        "routeLeaked": False,
        "kernelProgrammed": True,
        "preference": 1,
        "metric": 0,
        "routeAction": "forward",
        "directlyConnected": False,
        "vias": [via],
    }
    routing = "ip routing" if vrf == "default" else f"ip routing vrf {vrf}"
    return {
        "routingDisabled": routing not in scene.tree,
        "allRoutesProgrammedHardware": True,
        "allRoutesProgrammedKernel": True,
        "defaultRouteState": "reachable" if via else "notSet",
        "routes": {"0.0.0.0/0": route} if via else {},
    }


def _names(scene: Scene) -> list[str]:
    start = "vrf instance "
    return ["default", *(one.removeprefix(start) for one in scene.tree if one.startswith(start))]


def default_routes_data(scene: Scene) -> dict[str, Any]:
    """`show ip route vrf all 0.0.0.0/0 | json`."""
    return {"vrfs": {name: _vrf(scene, name) for name in _names(scene)}}


def default_routes(scene: Scene) -> str:
    """`show ip route vrf all 0.0.0.0/0`."""
    rows = []
    for name in _names(scene):
        via = _via(scene, name)
        rows += ["", f"VRF: {name}", "Codes: C - connected, S - static, K - kernel", ""]
        if via:
            rows.append(f" S        0.0.0.0/0 [1/0] via {via['nexthopAddr']}, {via['interface']}")
        else:
            rows.append("Gateway of last resort is not set")
    return "\n".join([*rows, ""])
