"""What NX-OS answers about a default route, table by table."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.tree import Tree, value, values
from dcctl.lab.systems.cisco_nxos.scene import Scene, brief

_LEGEND = """\
'*' denotes best ucast next-hop
'**' denotes best mcast next-hop
'[x/y]' denotes [preference/metric]
'%<string>' in via output denotes VRF <string>
"""


def _hop(scene: Scene, vrf: str, section: Tree) -> str:
    """The next hop of the static default route that can be reached, or nothing."""
    member = "" if vrf == "default" else vrf
    networks = [
        ipaddress.ip_interface(line.split(" ")[0]).network
        for name, below in scene.interfaces()
        if value(below, "vrf member") == member and scene.up(name, below)
        for line in values(below, "ip address")
    ]
    for line in values(section, "ip route"):
        prefix, _, rest = line.partition(" ")
        hop = rest.split(" ")[0]
        if prefix == "0.0.0.0/0" and any(ipaddress.ip_address(hop) in one for one in networks):
            return hop
    return ""


def default_routes(scene: Scene) -> str:
    """`show ip route 0.0.0.0/0 vrf all`."""
    tables = {"default": scene.tree}
    for label, below in scene.tree.items():
        if label.startswith("vrf context "):
            tables[label.removeprefix("vrf context ")] = below
    rows = []
    for vrf, section in tables.items():
        hop = _hop(scene, vrf, section)
        rows += [f'IP Route Table for VRF "{vrf}"', *_LEGEND.splitlines(), ""]
        if hop:
            age = brief(scene.uptime)
            rows += ["0.0.0.0/0, ubest/mbest: 1/0", f"    *via {hop}, [1/0], {age}, static"]
        else:
            rows.append("Route not found")
        rows.append("")
    return "\n".join(rows)
