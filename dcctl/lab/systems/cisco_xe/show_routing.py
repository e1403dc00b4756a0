"""What `show` answers about OSPF neighbours and how many routes there are."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.tree import value, values
from dcctl.lab.systems.cisco_xe import ospf
from dcctl.lab.systems.cisco_xe.intent import intent
from dcctl.lab.systems.cisco_xe.scene import Scene
from dcctl.lab.systems.cisco_xe.show_interfaces import addresses

# No routes are modelled: each neighbour of an IGP stands for this many.
_ROUTES_A_NEIGHBOUR = 3


def _role(scene: Scene, port: str, far: str) -> tuple[int, str]:
    """(priority, state) of a neighbour; on a broadcast network the higher router id is designated."""
    section = scene.tree.get(f"interface {port}", {})
    if value(section, "ip ospf network") == "point-to-point":
        return 0, "FULL/  -"
    own = intent(scene.element.chassis, scene.tree).router_id
    higher = ipaddress.IPv4Address(far) > ipaddress.IPv4Address(own)
    return 1, "FULL/DR" if higher else "FULL/BDR"


def ospf_neighbors(scene: Scene) -> str:
    """`show ip ospf neighbor`."""
    if not scene.around.ospf:
        return ""
    rows = [
        "",
        "Neighbor ID     Pri   State           Dead Time   Address         Interface",
    ]
    for one in scene.around.ospf:
        priority, state = _role(scene, one.port, one.router_id)
        dead = 31 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 8))
        rows.append(
            f"{one.router_id:<15} {priority:>3}   {state:<15} 00:00:{dead:02d}    "
            f"{one.address:<15} {one.port}"
        )
    return "\n".join([*rows, ""])


def _connected(scene: Scene) -> int:
    """A connected route for each network, and a local one where the network is larger."""
    return sum(
        1 if one.network.prefixlen == one.max_prefixlen else 2
        for name, section in scene.interfaces()
        if scene.state(name, section)[1] and not value(section, "vrf forwarding")
        for one in addresses(section)
    )


def _sources(scene: Scene) -> list[tuple[str, int, tuple[str, ...]]]:
    """(source, routes, further lines)."""
    running, around = scene.tree, scene.around
    static = sum(not line.startswith("vrf ") for line in values(running, "ip route"))
    found: list[tuple[str, int, tuple[str, ...]]] = [
        ("connected", _connected(scene), ()),
        ("static", static, ()),
    ]
    for label in running:
        words = label.split(" ")
        if words[:2] == ["router", "isis"]:
            count = _ROUTES_A_NEIGHBOUR * len(around.adjacencies)
            text = f"  Level 1: 0 Level 2: {count} Inter-area: 0"
            found.append((" ".join(words[1:]), count, (text,)))
        elif words[:2] == ["router", "bgp"]:
            count = max((one.prefixes for one in around.bgp), default=0)
            text = f"  External: 0 Internal: {count} Local: 0"
            found.append((" ".join(words[1:]), count, (text,)))
    for number, _ in ospf.processes(running):
        count = _ROUTES_A_NEIGHBOUR * len(around.ospf)
        intra = f"  Intra-area: {count} Inter-area: 0 External-1: 0 External-2: 0"
        text = "  NSSA External-1: 0 NSSA External-2: 0"
        found.append((f"ospf {number}", count, (intra, text)))
    return found


def _row(name: str, networks: int, subnets: int) -> str:
    count = networks + subnets
    return f"{name:<15} {networks:<11} {subnets:<11} {0:<11} {96 * count:<11} {304 * count}"


def routes(scene: Scene) -> str:
    """`show ip route summary`."""
    rows = [
        "IP routing table name is default (0x0)",
        "IP routing table maximum-paths is 32",
        "Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)",
    ]
    sources = _sources(scene)
    for name, count, more in sources:
        rows += [_row(name, 0, count), *more]
    total = sum(count for _, count, _ in sources)
    internal = 2
    rows.append(f"{'internal':<15} {internal:<47} {1156 * internal}")
    rows.append(
        f"{'Total':<15} {internal:<11} {total:<11} {0:<11} {96 * total:<11} "
        f"{304 * total + 1156 * internal}"
    )
    return "\n".join([*rows, ""])
