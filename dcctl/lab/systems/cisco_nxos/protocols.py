"""What an NX-OS configuration has of OSPF and LDP."""

from __future__ import annotations

from dcctl.lab.elements.model import PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get, value


def of(section: Tree, tree: Tree) -> PortIntent:
    """OSPF and LDP of one port, and nothing else."""
    process, _, area = value(section, "ip router ospf").partition(" area ")
    ospf = (get(tree, (f"router ospf {process}",)) if process else None) or EMPTY
    running = f"router ospf {process}" in tree and "shutdown" not in ospf
    inside = value(section, "vrf member", "default") == "default"
    quiet = "passive-interface default" in ospf and "no ip ospf passive-interface" not in section
    return PortIntent(
        ospf=area if running and inside else "",
        ospf_passive=quiet or "ip ospf passive-interface" in section,
        ldp="feature mpls ldp" in tree and "mpls ip" in section,
        ospf_cost=int(value(section, "ip ospf cost", "1")),
    )
