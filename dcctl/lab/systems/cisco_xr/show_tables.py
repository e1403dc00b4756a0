"""What IOS XR answers about a default route, table by table."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.cisco_xr.intent import addresses
from dcctl.lab.systems.cisco_xr.scene import Scene

_NONE = ["", "% Network not in table", ""]


def _hop(scene: Scene, vrf: str, routes: Tree) -> str:
    """The next hop of the static default route that can be reached, or nothing."""
    networks = [
        one.network
        for name, section in scene.interfaces()
        if value(section, "vrf") == vrf and scene.state(name, section)[1]
        for one in addresses(section)
    ]
    for line in routes.get("address-family ipv4 unicast", {}):
        hop: str = line.removeprefix("0.0.0.0/0 ").split(" ")[-1]
        if line.startswith("0.0.0.0/0 ") and any(
            ipaddress.ip_address(hop) in one for one in networks
        ):
            return hop
    return ""


def _entry(hop: str) -> list[str]:
    if not hop:
        return _NONE
    return [
        "",
        "Routing entry for 0.0.0.0/0",
        '  Known via "static", distance 1, metric 0, candidate default path',
        "  Installed Nov 20 02:00:00.000 for 2d00h",
        "  Routing Descriptor Blocks",
        f"    {hop}",
        "      Route metric is 0",
        "  No advertising protos. ",
    ]


def default_route(scene: Scene) -> str:
    """`show route 0.0.0.0/0`."""
    return "\n".join([*_entry(_hop(scene, "", scene.tree.get("router static", {}))), ""])


def default_routes(scene: Scene) -> str:
    """`show route vrf all 0.0.0.0/0`: every VRF but the global table."""
    static = scene.tree.get("router static", {})
    rows = []
    for label in scene.tree:
        if label.startswith("vrf "):
            hop = _hop(scene, label.removeprefix("vrf "), static.get(label, {}))
            rows += ["", f"VRF: {label.removeprefix('vrf ')}", "", *_entry(hop)]
    return "\n".join([*rows, ""])
