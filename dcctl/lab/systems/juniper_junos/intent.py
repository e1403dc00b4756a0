"""What a Junos configuration asks for, what a fresh box has, and what a commit refuses."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from dcctl.lab.elements.intents import area_and_system
from dcctl.lab.elements.model import BgpIntent, Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get, sections, value
from dcctl.lab.systems.juniper_junos.load import set_text

_LOCKED = (
    "$6$labfactory$M0q1vJ1cWm5uVq0cRyzv6w0d7rZr3oVh0Jq1k2x8aY5n7e4b3c2d1f0g9h8i7j6k5l4m3n2o1p0q"
)


def bundle_of(below: Tree) -> str:
    """The aggregate that an interface belongs to, or nothing."""
    for options in ("gigether-options", "ether-options"):
        for label in below.get(options, EMPTY):
            words = str(label).split(" ")
            if words[0] == "802.3ad" and len(words) > 1:
                return words[1]
    return ""


def hostname(tree: Tree) -> str:
    """The configured name; Junos shows `Amnesiac` without one."""
    return value(tree.get("system", EMPTY), "host-name", "Amnesiac")


def intent(_chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    system, protocols = tree.get("system", EMPTY), tree.get("protocols", EMPTY)
    isis, options = protocols.get("isis", EMPTY), tree.get("routing-options", EMPTY)
    area, system_id = area_and_system(_net(tree))
    ports = {
        name: _port(name, below, protocols) for name, below in tree.get("interfaces", EMPTY).items()
    }
    lldp = protocols.get("lldp")
    return Intent(
        hostname=hostname(tree),
        ports=ports,
        area=area,
        system_id=system_id,
        overload=_overloaded(isis) and "advertise-high-metrics" not in isis["overload"],
        max_metric=_overloaded(protocols.get("ospf", EMPTY)),
        graceful_shutdown=_graceful(protocols.get("bgp", EMPTY)),
        asn=int(value(options, "autonomous-system", "0")),
        router_id=value(options, "router-id") or _loopback(ports),
        bgp=tuple(_neighbors(protocols.get("bgp", EMPTY), options)),
        lldp=bool(lldp) and "disable" not in (lldp or EMPTY),
        ntp=tuple(key for key, _ in sections(system.get("ntp", EMPTY), "server")),
        logging=tuple(key for key, _ in sections(system.get("syslog", EMPTY), "host")),
    )


def _overloaded(protocol: Tree) -> bool:
    """Whether a protocol tells others to go round: with a timeout it does so after a start only."""
    below = protocol.get("overload")
    return below is not None and not value(below, "timeout")


def _graceful(bgp: Tree) -> bool:
    """Whether every neighbour is told to prefer other ways (RFC 8326)."""

    def sends(tree: Tree) -> bool:
        return "sender" in tree.get("graceful-shutdown", EMPTY)

    told = [
        sends(bgp) or sends(group) or sends(below)
        for _, group in sections(bgp, "group")
        for _, below in sections(group, "neighbor")
    ]
    return bool(told) and all(told)


def _isis_metric(isis: Tree, circuit: Tree, name: str) -> int:
    wide = "wide-metrics-only" in isis.get("level 2", EMPTY)
    if _overloaded(isis) and "advertise-high-metrics" in isis["overload"]:
        return 16777214 if wide else 63
    own = [value(circuit.get(f"level {level}", EMPTY), "metric") for level in (2, 1)]
    metric = next((int(one) for one in own if one), 0)
    return metric or _referred(value(isis, "reference-bandwidth"), name) or 10


def _referred(reference: str, name: str) -> int:
    """What a reference bandwidth makes of an interface's speed, or 0 without one."""
    if not reference:
        return 0
    factor = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}.get(reference[-1].lower())
    bits = int(reference.rstrip("kKmMgGtT")) * (factor or 1)
    speed = {"et": 10**11, "xe": 10**10, "ae": 10**10}.get(name[:2], 10**9)
    return max(1, bits // speed)


def _loopback(ports: dict[str, PortIntent]) -> str:
    """The address that a router without a configured id takes for one."""
    addresses = ports["lo0"].addresses if "lo0" in ports else ()
    return next((one.partition("/")[0] for one in addresses if not one.startswith("127.")), "")


def _net(tree: Tree) -> str:
    for path in (("interfaces", "lo0", "unit 0", "family iso"),):
        for address, _ in sections(get(tree, path) or EMPTY, "address"):
            return address
    return ""


def _circuit(protocol: Tree, name: str) -> Tree | None:
    """What a protocol says of the first unit of an interface, or nothing."""
    found = protocol.get(f"interface {name}.0", protocol.get("interface all"))
    return None if found is None or "disable" in found or "disable" in protocol else found


def _area(ospf: Tree, name: str) -> tuple[str, bool]:
    """(area as an address, passive) of an interface under OSPF."""
    for area, below in sections(ospf, "area"):
        circuit = _circuit(below, name)
        if circuit is not None and "disable" not in ospf:
            number = ipaddress.IPv4Address(int(area) if area.isdecimal() else area)
            return str(number), "passive" in circuit
    return "", False


def _ospf_cost(ospf: Tree, name: str) -> int:
    circuits = (_circuit(below, name) for _, below in sections(ospf, "area"))
    metric = next((value(one, "metric") for one in circuits if one is not None), "")
    return int(metric or _referred(value(ospf, "reference-bandwidth", "100m"), name))


def _port(name: str, tree: Tree, protocols: Tree) -> PortIntent:
    isis, lldp = protocols.get("isis", EMPTY), protocols.get("lldp", EMPTY)
    area, silent = _area(protocols.get("ospf", EMPTY), name)
    unit = tree.get("unit 0", EMPTY)
    circuit = isis.get(f"interface {name}.0", isis.get("interface all"))
    heard = lldp.get(f"interface {name}", lldp.get("interface all"))
    return PortIntent(
        enabled="disable" not in tree and "disable" not in unit,
        description=value(tree, "description"),
        addresses=tuple(key for key, _ in sections(unit.get("family inet", EMPTY), "address")),
        isis=circuit is not None and "disable" not in circuit and "family iso" in unit,
        passive=circuit is not None and "passive" in circuit,
        bfd=circuit is not None
        and any(
            "bfd-liveness-detection" in part
            for part in (circuit, circuit.get("family inet", EMPTY))
        ),
        lldp=heard is not None and "disable" not in heard,
        levels=frozenset(
            level
            for level in (1, 2)
            if "disable" not in isis.get(f"level {level}", EMPTY)
            and "disable" not in (circuit or EMPTY).get(f"level {level}", EMPTY)
        ),
        ospf=area,
        ospf_passive=silent,
        # Without the family no labelled packet passes, and LDP leaves the interface alone.
        metric=_isis_metric(isis, circuit or EMPTY, name),
        ospf_cost=_ospf_cost(protocols.get("ospf", EMPTY), name),
        ldp="family mpls" in unit and _circuit(protocols.get("ldp", EMPTY), name) is not None,
    )


def _neighbors(bgp: Tree, options: Tree) -> Iterator[BgpIntent]:
    own = value(options, "autonomous-system", "0")
    for _, group in sections(bgp, "group"):
        default = own if value(group, "type") == "internal" else value(group, "peer-as", "0")
        for address, below in sections(group, "neighbor"):
            yield BgpIntent(
                address=address,
                remote_as=int(value(below, "peer-as", default)),
                enabled="shutdown" not in below,
                source=value(below, "local-address", value(group, "local-address")),
                description=value(below, "description"),
            )


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    lines = [
        "set version 22.4R3.25",
        f"set system host-name {chassis.name}",
        f'set system root-authentication encrypted-password "{_LOCKED}"',
        f"set system login user {chassis.username} class super-user",
        f'set system login user {chassis.username} authentication encrypted-password "{_LOCKED}"',
        "set system services ssh",
        "set system syslog file messages any notice",
        "set system syslog file messages authorization info",
    ]
    if chassis.management_port and chassis.management_address:
        lines.append(
            f"set interfaces {chassis.management_port} unit 0 family inet address {chassis.management_address}"
        )
    return set_text(EMPTY, "\n".join(lines))[0]


def refused(tree: Tree) -> str:
    """Why a commit check fails, or nothing."""
    system = tree.get("system", EMPTY)
    if not system.get("root-authentication"):
        return (
            "[edit]\n  'system'\n    Missing mandatory statement: 'root-authentication'\n"
            "error: commit failed: (missing mandatory statements)\n"
        )
    protocols, options = tree.get("protocols", EMPTY), tree.get("routing-options", EMPTY)
    if any(True for _ in sections(protocols.get("bgp", EMPTY), "group")) and not value(
        options, "autonomous-system"
    ):
        return (
            "[edit protocols]\n  'bgp'\n    Error in bgp configuration:\n"
            "    autonomous-system must be configured\nerror: configuration check-out failed\n"
        )
    return _bundled_unit(tree) or _dangling_filter(tree) or _dangling_policy(protocols, tree)


def _bundled_unit(tree: Tree) -> str:
    for port, below in tree.get("interfaces", EMPTY).items():
        if bundle_of(below) and any(True for _ in sections(below, "unit")):
            return (
                f"[edit interfaces {port}]\n  'unit 0'\n"
                "    logical unit is not allowed on aggregated links\n"
                "error: commit failed: (statements constraint check failed)\n"
            )
    return ""


def _dangling_filter(tree: Tree) -> str:
    defined = {
        name
        for family, below in sections(tree.get("firewall", EMPTY), "family")
        if family == "inet"
        for name, _ in sections(below, "filter")
    }
    for port, below in tree.get("interfaces", EMPTY).items():
        for unit, inner in sections(below, "unit"):
            used = (inner.get("family inet") or EMPTY).get("filter", EMPTY)
            for label in used:
                name = label.partition(" ")[2]
                if name not in defined:
                    return (
                        f"[edit interfaces {port} unit {unit} family inet]\n  'filter'\n"
                        f"    Referenced filter '{name}' is not defined\n"
                        "error: configuration check-out failed\n"
                    )
    return ""


def _dangling_policy(protocols: Tree, tree: Tree) -> str:
    defined = {name for name, _ in sections(tree.get("policy-options", EMPTY), "policy-statement")}
    for _, group in sections(protocols.get("bgp", EMPTY), "group"):
        for label in group:
            verb, _, name = label.partition(" ")
            if verb in ("import", "export") and name not in defined:
                return (
                    f"error: Policy error: Policy {name} referenced but not defined\n"
                    f"[edit protocols bgp]\n  '{verb}'\n"
                    f"    BGP: {verb} list not applied\nerror: configuration check-out failed\n"
                )
    return ""
