"""What IOS XE answers about its routing tables, as far as they are modelled."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from dcctl.lab.elements.tree import value, values
from dcctl.lab.systems.cisco_xe.scene import Scene
from dcctl.lab.systems.cisco_xe.show_interfaces import addresses

_CODES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
       ia - IS-IS inter area, * - candidate default, U - per-user static route
"""


def _connected(scene: Scene, vrf: str) -> Iterator[tuple[str, ipaddress.IPv4Interface]]:
    """(interface, address) of what is up in a VRF."""
    for name, section in scene.interfaces():
        if value(section, "vrf forwarding") == vrf and scene.state(name, section)[1]:
            yield from ((name, one) for one in addresses(section))


def _gateway(scene: Scene, vrf: str) -> str:
    """The next hop of the static default route that can be reached, or nothing."""
    start = f"vrf {vrf} 0.0.0.0 0.0.0.0 " if vrf else "0.0.0.0 0.0.0.0 "
    networks = [one.network for _, one in _connected(scene, vrf)]
    for line in values(scene.tree, "ip route"):
        hop = line.removeprefix(start).split(" ")[0]
        if line.startswith(start) and any(ipaddress.IPv4Address(hop) in one for one in networks):
            return hop
    return ""


def _table(scene: Scene, vrf: str) -> list[str]:
    gateway = _gateway(scene, vrf)
    last = f"{gateway} to network 0.0.0.0" if gateway else "not set"
    rows = [*([f"Routing Table: {vrf}"] if vrf else []), *_CODES.splitlines(), ""]
    rows += [f"Gateway of last resort is {last}", ""]
    rows += [f"S*    0.0.0.0/0 [1/0] via {gateway}"] if gateway else []
    for name, one in _connected(scene, vrf):
        rows.append(f"C        {one.network} is directly connected, {name}")
        rows.append(f"L        {one.ip}/32 is directly connected, {name}")
    return rows


def tables(scene: Scene) -> str:
    """`show ip route vrf NAME|*`: with a star all tables, the global one first."""
    known = [one.removeprefix("vrf definition ") for one in scene.tree if one.startswith("vrf def")]
    wanted = scene.arguments[0]
    if wanted != "*" and wanted not in known:
        return f"% IP routing table {wanted} does not exist\n"
    names = ["", *known] if wanted == "*" else [wanted]
    return "\n".join(line for name in names for line in (*_table(scene, name), "")) + "\n"
