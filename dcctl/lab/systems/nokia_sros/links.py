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


def _speed_kbps(port: str) -> int:
    return 100_000_000 if "/c" in port else 10_000_000


def isis_metric(isis: Tree, circuit: Tree, port: str) -> int:
    """The metric of a circuit, of level 2 where it has one for each."""
    high = _value(isis.get("overload", EMPTY), "max-metric") == "true"
    if high:
        wide = _value(isis.get("level 2", EMPTY), "wide-metrics-only") == "true"
        return 16777214 if wide else 63
    for level in (2, 1):
        if own := _value(circuit.get(f"level {level}", EMPTY), "metric"):
            return int(own)
    reference = int(_value(isis, "reference-bandwidth", "0"))
    return max(1, reference // _speed_kbps(port)) if reference else 10


def ospf_cost(interface: str, base: Tree, port: str) -> int:
    """The cost of an interface in OSPF; the reference is 100 Gbit/s where nothing is said."""
    ospf = base.get("ospf 0", EMPTY)
    own = _value(_area(interface, ospf)[1], "metric")
    reference = int(_value(ospf, "reference-bandwidth", "100000000"))
    return int(own) if own else max(1, reference // _speed_kbps(port))


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
