"""What an SR OS configuration has of OSPF and LDP on a router interface."""

from __future__ import annotations

from dcctl.lab.elements.model import PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get


def _value(tree: Tree, name: str, default: str = "") -> str:
    found = (label for label in tree if label.startswith(f"{name} "))
    return next((label[len(name) + 1 :] for label in found), default)


def _on(tree: Tree, default: str = "enable") -> bool:
    return _value(tree, "admin-state", default) == "enable"


def of(interface: str, base: Tree) -> PortIntent:
    """OSPF and LDP of one interface of the base router, and nothing else."""
    area, below = _area(interface, base.get("ospf 0", EMPTY))
    passive = _value(below, "passive") == "true"
    return PortIntent(ospf=area, ospf_passive=passive, ldp=_ldp(interface, base))


def _area(interface: str, ospf: Tree) -> tuple[str, Tree]:
    """An instance is off until it is enabled; its interfaces are on."""
    if not interface or not _on(ospf, "disable"):
        return "", EMPTY
    for label, area in ospf.items():
        below = area.get(f"interface {interface}") if label.startswith("area ") else None
        if below is not None and _on(below):
            return label.partition(" ")[2], below
    return "", EMPTY


def _ldp(interface: str, base: Tree) -> bool:
    """LDP and its interfaces are on where they are named; IPv4 on an interface is off until then."""
    below = get(base, ("ldp", "interface-parameters", f"interface {interface}"))
    if below is None or not _on(base.get("ldp", EMPTY)) or not _on(below):
        return False
    return _on(below.get("ipv4", EMPTY), "disable")
