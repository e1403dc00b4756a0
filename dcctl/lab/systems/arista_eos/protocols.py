"""What an EOS configuration has of OSPF and LDP."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.model import PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get, value, values


def process(tree: Tree) -> str:
    """The label of the default VRF's OSPF process, or nothing."""
    found = (label for label in tree if label.startswith("router ospf ") and " vrf " not in label)
    return next(found, "")


def of(name: str, section: Tree, tree: Tree) -> PortIntent:
    """OSPF and LDP of one port, and nothing else."""
    label = process(tree)
    ospf = tree[label] if label else EMPTY
    return PortIntent(
        ospf=_area(section, ospf) if label else "",
        ospf_passive=_silent(name, ospf),
        ldp=_ldp(section, tree),
        ospf_cost=int(value(section, "ip ospf cost", "1")),
    )


def _area(section: Tree, ospf: Tree) -> str:
    """By the port's own line, or by a network that holds its address."""
    own = value(section, "ip address").partition(" ")[0]
    if "shutdown" in ospf or "/" not in own or value(section, "vrf"):
        return ""
    address = ipaddress.ip_interface(own).ip
    rows = (line.split(" area ") for line in values(ospf, "network"))
    networks = (area for net, area in rows if address in ipaddress.ip_network(net, strict=False))
    return value(section, "ip ospf area") or next(networks, "")


def _silent(name: str, ospf: Tree) -> bool:
    if f"no passive-interface {name}" in ospf:
        return False
    return "passive-interface default" in ospf or f"passive-interface {name}" in ospf


def _ldp(section: Tree, tree: Tree) -> bool:
    """It has to be switched on: as a whole, and on each port where that is the default."""
    ldp = get(tree, ("mpls ldp",)) or EMPTY
    if "mpls ip" not in tree or "no shutdown" not in ldp:
        return False
    return "interface disabled default" not in ldp or "mpls ldp interface" in section
