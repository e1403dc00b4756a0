"""Where an IOS XE configuration distributes labels by LDP."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.tree import Tree, value, values
from dcctl.lab.systems.cisco_xe import ospf


def router_port(tree: Tree) -> str:
    """The interface whose address is the LSR id: the named one, else the highest loopback."""
    named = value(tree, "mpls ldp router-id").split(" ")[0]
    if named:
        return named
    loopbacks = [
        (int(ipaddress.IPv4Address(words[0])), label.partition(" ")[2])
        for label, section in tree.items()
        if label.startswith("interface Loopback") and "shutdown" not in section
        for words in (line.split() for line in values(section, "ip address"))
        if len(words) > 1
    ]
    return max(loopbacks)[1] if loopbacks else "Loopback0"


def distributed(tree: Tree, section: Tree, isis: Tree, area: str) -> bool:
    """Whether LDP runs on an interface: its own `mpls ip`, or what its routing protocol brings."""
    if "no mpls ip" in tree:
        return False
    if "mpls ip" in section:
        return True
    if "no mpls ldp igp autoconfig" in section:
        return False
    by_isis = any(label.startswith("ip router isis") for label in section) and any(
        label.startswith("mpls ldp autoconfig") for label in isis
    )
    return by_isis or bool(area and _brought(tree, area))


def _brought(tree: Tree, area: str) -> bool:
    for _, process in ospf.processes(tree):
        for label in process:
            words = label.split(" ")
            if words[:3] == ["mpls", "ldp", "autoconfig"] and (
                len(words) < 5 or ospf.area_name(words[4]) == area  # noqa: PLR2004 - `area` and its number
            ):
                return True
    return False
