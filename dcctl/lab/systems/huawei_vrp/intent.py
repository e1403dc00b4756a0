"""What a VRP configuration asks for, and what a fresh box has."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from dcctl.lab.elements.intents import area_and_system, circuit_levels
from dcctl.lab.elements.model import BgpIntent, Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, put, value, values
from dcctl.lab.systems.huawei_vrp import kinds
from dcctl.lab.systems.huawei_vrp.config import load

_LOCKED = "$1c$factory00000$M0q1vJ1cWm5uVq0cRyzv6w0d7rZr3oVh0Jq1k2x8aY5$"


def intent(_chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    isis = _first(tree, "isis")
    bgp_label = next((one for one in tree if one.startswith("bgp ")), "bgp 0")
    bgp = tree.get(bgp_label, EMPTY)
    area, system_id = area_and_system(value(isis, "network-entity"))
    lldp = "lldp enable" in tree
    ports = {
        label.partition(" ")[2]: _port(label.partition(" ")[2], below, isis, tree, lldp=lldp)
        for label, below in tree.items()
        if label.startswith("interface ")
    }
    router = value(bgp, "router-id") or _ospf_id(tree) or value(tree, "mpls lsr-id")
    return Intent(
        hostname=value(tree, "sysname", "HUAWEI"),
        ports=ports,
        area=area,
        system_id=system_id,
        overload=_now(isis, "set-overload"),
        graceful_shutdown=_graceful(tree, bgp_label),
        max_metric=_now(_first(tree, "ospf"), "stub-router"),
        asn=int(bgp_label.split(" ")[1]) if bgp_label.split(" ")[1].isdecimal() else 0,
        router_id=router or _loopback(ports),
        bgp=tuple(_peers(bgp, ports)),
        lldp=lldp,
        ntp=tuple(line.split()[0] for line in values(tree, "ntp-service unicast-server")),
        logging=tuple(
            line.split()[0]
            for line in values(tree, "info-center loghost")
            if not line.startswith("source")
        ),
    )


def _graceful(tree: Tree, label: str) -> bool:
    """Whether every peer is told to prefer other ways (RFC 8326), by the policy towards it.

    Within the autonomous system a local preference of 0 says so, to others the community.
    """
    bgp, asn = tree.get(label, EMPTY), label.split(" ")[1]
    below = [bgp, *(family for name, family in bgp.items() if "-family" in name)]
    lines = [line for part in below for line in part]
    told = []
    for address, _, remote in (one.partition(" as-number ") for one in values(bgp, "peer")):
        if not remote:
            continue
        start = f"peer {address} "
        names = [
            line.split(" ")[3]
            for line in lines
            if line.startswith(f"{start}route-policy ") and line.endswith(" export")
        ]
        applied = {
            text
            for name in names
            for policy, nodes in tree.items()
            if policy.startswith(f"route-policy {name} permit ")
            for text in nodes
        }
        marked = any(text.startswith("apply community 65535:0") for text in applied)
        sent = any(line.startswith(f"{start}advertise-community") for line in lines)
        lowered = remote == asn and "apply local-preference 0" in applied
        told.append(lowered or (marked and sent))
    return bool(told) and all(told)


def _now(process: Tree, line: str) -> bool:
    """Whether others are told to go round, not only after a start (`on-startup`)."""
    return any(
        label.split(" ")[0] == line and "on-startup" not in label.split(" ") for label in process
    )


def _first(tree: Tree, start: str) -> Tree:
    found: Tree = next((tree[label] for label in tree if label.split(" ")[0] == start), EMPTY)
    return found


def _ospf_id(tree: Tree) -> str:
    label = next((one for one in tree if one.startswith("ospf ")), "")
    return label.partition(" router-id ")[2]


def _loopback(ports: dict[str, PortIntent]) -> str:
    for name, port in sorted(ports.items()):
        if name.startswith("LoopBack") and port.addresses:
            return port.addresses[0].partition("/")[0]
    return ""


def _port(name: str, section: Tree, isis: Tree, tree: Tree, *, lldp: bool) -> PortIntent:
    circuit = value(section, "isis circuit-level") or value(isis, "is-level", "level-1-2")
    level = value(isis, "is-level", "level-1-2")
    enabled = any(label.startswith("isis enable") for label in section)
    watched = "bfd" in tree and (
        "isis bfd enable" in section or "bfd all-interfaces enable" in isis
    )
    addresses = tuple(_addresses(section))
    return PortIntent(
        enabled="shutdown" not in section,
        description=value(section, "description"),
        addresses=addresses,
        ospf=_area(section, addresses, _first(tree, "ospf")),
        ospf_passive=f"silent-interface {name}" in _first(tree, "ospf"),
        ldp="mpls ldp" in section and "mpls ldp" in tree and "mpls" in section,
        isis=enabled and bool(isis),
        passive=any(label.startswith("isis silent") for label in section),
        bfd=watched and "undo isis bfd enable" not in section,
        lldp=lldp and "undo lldp enable" not in section,
        metric=_metric(section, isis),
        ospf_cost=_ospf_cost(name, section, _first(tree, "ospf")),
        levels=circuit_levels(circuit if level == "level-1-2" else level),
    )


def _metric(section: Tree, isis: Tree) -> int:
    cost = value(section, "isis cost") or value(isis, "circuit-cost")
    return int(cost.split(" ")[0]) if cost[:1].isdecimal() else 10


def _ospf_cost(name: str, section: Tree, process: Tree) -> int:
    cost = value(section, "ospf cost")
    if cost.isdecimal():
        return int(cost)
    reference = int(value(process, "bandwidth-reference", "100"))
    return max(1, int(reference / ((kinds.speed_gbit(name) or 1) * 1000)))


def _area(section: Tree, addresses: tuple[str, ...], process: Tree) -> str:
    """OSPF's area of a port: given on it, or by a `network` of the process that holds its address.

    There is none without a process.
    """
    given = next((line for line in values(section, "ospf enable")), "")
    if given and process:
        return _dotted(given.partition("area ")[2])
    for label, below in process.items():
        for words in (line.split() for line in values(below, "network")):
            wild = int(ipaddress.IPv4Address(words[1]))
            base = int(ipaddress.IPv4Address(words[0])) | wild
            if any(int(ipaddress.IPv4Interface(one).ip) | wild == base for one in addresses):
                return _dotted(label.removeprefix("area "))
    return ""


def _dotted(area: str) -> str:
    return str(ipaddress.IPv4Address(int(area) if area.isdecimal() else area))


def _addresses(section: Tree) -> Iterator[str]:
    for line in values(section, "ip address"):
        words = line.split()
        if len(words) > 1 and words[0][0].isdecimal():
            yield str(ipaddress.IPv4Interface(f"{words[0]}/{words[1]}"))


def _peers(bgp: Tree, ports: dict[str, PortIntent]) -> Iterator[BgpIntent]:
    families = [below for label, below in bgp.items() if "-family" in label]
    for address, _, rest in (line.partition(" ") for line in values(bgp, "peer")):
        words = rest.split()
        if words[:1] != ["as-number"] or not words[1].isdecimal():
            continue
        source = value(bgp, f"peer {address} connect-interface").split()
        port = ports.get(source[0]) if source else None
        yield BgpIntent(
            address=address,
            remote_as=int(words[1]),
            enabled=f"peer {address} ignore" not in bgp
            and any(f"peer {address} enable" in family for family in families),
            source=port.addresses[0].partition("/")[0] if port and port.addresses else "",
            description=value(bgp, f"peer {address} description"),
        )


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    tree: Tree = EMPTY
    for port in chassis.ports:
        below: Tree = EMPTY if kinds.immediate(chassis) else {"shutdown": EMPTY}
        tree = put(tree, (f"interface {port.name}",), below)
    tree = put(tree, ("interface NULL0",))
    return load(chassis, tree, _DAY_ZERO.format(chassis=chassis, **_parts(chassis)))


def _parts(chassis: Chassis) -> dict[str, str]:
    ssh = "stelnet server enable" if kinds.immediate(chassis) else "stelnet ipv4 server enable"
    level = "privilege level 15" if kinds.immediate(chassis) else "level 3"
    return {"management": _management(chassis), "ssh": ssh, "level": level, "locked": _LOCKED}


def _management(chassis: Chassis) -> str:
    if not chassis.management_port or not chassis.management_address:
        return ""
    at = ipaddress.IPv4Interface(chassis.management_address)
    gateway = chassis.management_gateway
    return (
        f"ip vpn-instance MGMT\n ipv4-family\n"
        f"interface {chassis.management_port}\n undo shutdown\n ip binding vpn-instance MGMT\n"
        f" ip address {at.ip} {at.netmask}\n"
    ) + (f"ip route-static vpn-instance MGMT 0.0.0.0 0.0.0.0 {gateway}\n" if gateway else "")


_DAY_ZERO = """\
sysname {chassis.name}
undo telnet server enable
aaa
 local-user {chassis.username} password irreversible-cipher {locked}
 local-user {chassis.username} service-type ssh
 local-user {chassis.username} {level}
 authentication-scheme default
 authorization-scheme default
 accounting-scheme default
 domain default
{management}{ssh}
ssh user {chassis.username}
ssh user {chassis.username} authentication-type password
ssh user {chassis.username} service-type stelnet
user-interface con 0
user-interface vty 0 4
 authentication-mode aaa
 protocol inbound ssh
"""
