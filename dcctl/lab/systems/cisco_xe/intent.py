"""What an IOS XE configuration asks for, and what a fresh box has."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from dcctl.lab.elements.intents import area_and_system, circuit_levels, first_address
from dcctl.lab.elements.model import BgpIntent, Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, put, value, values
from dcctl.lab.systems.cisco_xe import labels, ospf
from dcctl.lab.systems.cisco_xe.config import load


def intent(_chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    isis = next(
        (tree[label] for label in tree if label.split(" ")[:2] == ["router", "isis"]), EMPTY
    )
    area, system_id = area_and_system(value(isis, "net"))
    ports = {
        label.partition(" ")[2]: _port(label.partition(" ")[2], tree[label], tree, isis)
        for label in tree
        if label.startswith("interface ")
    }
    asn, bgp = next(
        ((label.split(" ")[2], tree[label]) for label in tree if label.startswith("router bgp ")),
        ("0", EMPTY),
    )
    return Intent(
        hostname=value(tree, "hostname", "Router"),
        ports=ports,
        area=area,
        system_id=system_id,
        overload=any(label.startswith("set-overload-bit") for label in isis),
        max_metric=any(
            label.startswith("max-metric router-lsa")
            for _, one in ospf.processes(tree)
            for label in one
        ),
        graceful_shutdown=_graceful(bgp),
        asn=int(asn),
        router_id=value(bgp, "bgp router-id")
        or ospf.router_id(tree)
        or first_address(ports, labels.router_port(tree)),
        bgp=tuple(_neighbors(bgp, ports)),
        lldp="lldp run" in tree,
        ntp=tuple(_addressed(values(tree, "ntp server"))),
        logging=tuple(_addressed(values(tree, "logging host"))),
    )


def _addressed(found: list[str]) -> list[str]:
    words = [line.split() for line in found]
    return [line[2] if line[0] == "vrf" else line[0] for line in words]


@lru_cache(maxsize=4096)
def _written(address: str) -> str:
    return str(ipaddress.IPv4Interface(address))


def _port(name: str, tree: Tree, whole: Tree, isis: Tree) -> PortIntent:
    addresses = [
        _written(f"{words[0]}/{words[1]}")
        for words in (line.split() for line in values(tree, "ip address"))
        if len(words) > 1
    ]
    passive = f"passive-interface {name}" in isis or (
        "passive-interface default" in isis and f"no passive-interface {name}" not in isis
    )
    area, silent = ospf.circuit(whole, name, tree)
    circuit = value(tree, "isis circuit-type") or value(isis, "is-type", "level-1-2")
    return PortIntent(
        enabled="shutdown" not in tree,
        description=value(tree, "description"),
        addresses=tuple(addresses),
        isis=any(label.startswith("ip router isis") for label in tree) and bool(isis),
        passive=passive,
        bfd=_bfd(tree, isis),
        lldp="no lldp transmit" not in tree and "no lldp receive" not in tree,
        levels=circuit_levels(circuit),
        ospf=area,
        ospf_passive=silent,
        ldp=labels.distributed(whole, tree, isis, area),
        metric=_metric(value(tree, "isis metric") or value(isis, "metric")),
        ospf_cost=int(value(tree, "ip ospf cost", "1")),
    )


def _metric(text: str) -> int:
    word = text.partition(" ")[0]
    return int(word) if word.isdecimal() else 10


def _graceful(bgp: Tree) -> bool:
    """Whether every neighbour is told to prefer other ways (RFC 8326)."""
    asked = [label.split(" ")[1] for label in bgp if " shutdown graceful " in f"{label} "]
    known = {label.split(" ")[1] for label in bgp if " remote-as " in label}
    everybody = any(label.startswith("bgp graceful-shutdown all") for label in bgp)
    return everybody or (bool(known) and known <= set(asked))


def _bfd(tree: Tree, isis: Tree) -> bool:
    timers = any(label.startswith(("bfd interval", "bfd template")) for label in tree)
    return (
        timers
        and ("isis bfd" in tree or "bfd all-interfaces" in isis)
        and "no isis bfd" not in tree
    )


def _neighbors(bgp: Tree, ports: dict[str, PortIntent]) -> list[BgpIntent]:
    families = [below for label, below in bgp.items() if label.startswith("address-family")]
    found = []
    for address, _, remote in (line.partition(" remote-as ") for line in values(bgp, "neighbor")):
        if not remote or not remote.isdecimal():
            continue
        source = value(bgp, f"neighbor {address} update-source")
        silent = "no bgp default ipv4-unicast" in bgp
        active = any(f"neighbor {address} activate" in family for family in families)
        found.append(
            BgpIntent(
                address=address,
                remote_as=int(remote),
                enabled=f"neighbor {address} shutdown" not in bgp and (active or not silent),
                source=first_address(ports, source),
                description=value(bgp, f"neighbor {address} description"),
            )
        )
    return found


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    tree: Tree = EMPTY
    for port in chassis.ports:
        tree = put(tree, (f"interface {port.name}", "shutdown"))
    return load(chassis, tree, _DAY_ZERO.format(chassis=chassis, management=_management(chassis)))


def _management(chassis: Chassis) -> str:
    if not chassis.management_port or not chassis.management_address:
        return ""
    at = ipaddress.IPv4Interface(chassis.management_address)
    gateway = chassis.management_gateway
    return (
        f"interface {chassis.management_port}\n vrf forwarding Mgmt-intf\n"
        f" ip address {at.ip} {at.netmask}\n no shutdown\n negotiation auto\n"
    ) + (f"ip route vrf Mgmt-intf 0.0.0.0 0.0.0.0 {gateway}\n" if gateway else "")


_DAY_ZERO = """\
version 17.9
service timestamps debug datetime msec
service timestamps log datetime msec
platform qfp utilization monitor load 80
hostname {chassis.name}
boot-start-marker
boot-end-marker
vrf definition Mgmt-intf
 address-family ipv4
 exit-address-family
ip domain name lab
username {chassis.username} privilege 15 secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6
redundancy
 mode none
ip ssh version 2
{management}ip forward-protocol nd
ip http server
ip http secure-server
control-plane
line con 0
 stopbits 1
line vty 0 4
 login local
 transport input ssh
"""
