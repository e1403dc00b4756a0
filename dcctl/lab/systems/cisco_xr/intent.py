"""What an IOS XR configuration asks for, and what a fresh box has."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.intents import area_and_system, circuit_levels, first_address
from dcctl.lab.elements.model import BgpIntent, Chassis, Intent, PortIntent
from dcctl.lab.elements.tree import EMPTY, Tree, get, sections, value, values
from dcctl.lab.systems.cisco_xr.config import load

DEFAULT_HOSTNAME = "ios"


def hostname(tree: Tree) -> str:
    """The configured name."""
    return value(tree, "hostname", DEFAULT_HOSTNAME)


def router(tree: Tree, protocol: str) -> Tree:
    """The section of a routing protocol, whatever its instance is called."""
    return next((tree[label] for label in tree if label.startswith(f"router {protocol} ")), EMPTY)


def intent(chassis: Chassis, tree: Tree) -> Intent:
    """The configuration in nobody's dialect."""
    isis, bgp = router(tree, "isis"), router(tree, "bgp")
    area, system_id = area_and_system(value(isis, "net"))
    # A physical port without any configuration is up and silent.
    bare: dict[str, Tree] = {port.name: EMPTY for port in chassis.ports}
    lldp = tree.get("lldp")
    ports = {
        name: _port(name, below, tree)
        for name, below in {**bare, **dict(sections(tree, "interface"))}.items()
        if not name.startswith("preconfigure ")
    }
    asn = next((label.split()[2] for label in tree if label.startswith("router bgp ")), "0")
    return Intent(
        hostname=hostname(tree),
        ports=ports,
        area=area,
        system_id=system_id,
        overload=any(label.startswith("set-overload-bit") for label in isis),
        max_metric=any(label.startswith("max-metric router-lsa") for label in router(tree, "ospf")),
        graceful_shutdown=_graceful(bgp),
        asn=int(asn),
        router_id=value(bgp, "bgp router-id")
        or value(router(tree, "ospf"), "router-id")
        or value(tree.get("mpls ldp", EMPTY), "router-id")
        or first_address(ports, "Loopback0"),
        bgp=tuple(_neighbors(bgp, ports)),
        lldp=lldp is not None,
        ntp=tuple(_servers(tree)),
        logging=tuple(dict.fromkeys(_collectors(tree))),
    )


def _servers(tree: Tree) -> list[str]:
    words = [line.split() for line in values(tree.get("ntp", EMPTY), "server")]
    return [line[2] if line[0] == "vrf" else line[0] for line in words]


def _collectors(tree: Tree) -> list[str]:
    found = [line.split()[0] for line in values(tree, "logging")]
    return [word for word in found if word[0].isdigit() or ":" in word]


def addresses(section: Tree) -> list[ipaddress.IPv4Interface]:
    """The IPv4 addresses of an interface, the primary one first."""
    found = [line.split() for line in values(section, "ipv4 address")]
    found.sort(key=len)
    return [ipaddress.IPv4Interface(f"{words[0]}/{words[1]}") for words in found if len(words) > 1]


def _port(name: str, section: Tree, tree: Tree) -> PortIntent:
    isis = router(tree, "isis")
    circuit = isis.get(f"interface {name}")
    levels = value(circuit or EMPTY, "circuit-type") or value(isis, "is-type", "level-1-2")
    lldp = section.get("lldp", EMPTY)
    area, silent, cost = _ospf(name, router(tree, "ospf"))
    return PortIntent(
        enabled="shutdown" not in section,
        description=value(section, "description"),
        addresses=tuple(str(one) for one in addresses(section)),
        isis=_speaks(circuit, isis),
        passive=circuit is not None and "passive" in circuit,
        ospf=area,
        ospf_passive=silent,
        ldp=f"interface {name}" in tree.get("mpls ldp", EMPTY),
        bfd=circuit is not None and "bfd fast-detect ipv4" in circuit,
        lldp="receive disable" not in lldp and "transmit disable" not in lldp,
        levels=circuit_levels(levels),
        metric=_metric(circuit),
        ospf_cost=cost,
    )


def _metric(circuit: Tree | None) -> int:
    family = get(circuit or EMPTY, ("address-family ipv4 unicast",)) or EMPTY
    word = value(family, "metric", "10").split(" ")[0]
    return int(word) if word.isdecimal() else 10


def _graceful(bgp: Tree) -> bool:
    """Whether every neighbour is told to prefer other ways (RFC 8326).

    Activated for one neighbour in its own submode, for those that have that submode by the
    router's `graceful-maintenance activate`, for all by its `all-neighbors`.
    """
    active = next((one for one in bgp if one.startswith("graceful-maintenance activate")), "")
    own = [below.get("graceful-maintenance") for _, below in sections(bgp, "neighbor")]
    asked = [one is not None and (bool(active) or "activate" in one) for one in own]
    return "all-neighbors" in active or (bool(asked) and all(asked))


def _ospf(name: str, process: Tree) -> tuple[str, bool, int]:
    """(area as an address, passive, cost) of an interface; no area where OSPF does not name it."""
    for area, below in sections(process, "area"):
        port = below.get(f"interface {name}")
        if port is not None:
            number = int(area) if area.isdecimal() else area
            silent = any(label in ("passive", "passive enable") for label in port)
            cost = int(value(port, "cost") or value(below, "cost") or value(process, "cost", "1"))
            return str(ipaddress.IPv4Address(number)), silent, cost
    return "", False, 1


def _speaks(circuit: Tree | None, isis: Tree) -> bool:
    """An interface takes part once it has an address family, and the instance a name."""
    if circuit is None or "shutdown" in circuit:
        return False
    family = get(circuit, ("address-family ipv4 unicast",))
    return family is not None and "disable" not in family and bool(value(isis, "net"))


def _neighbors(bgp: Tree, ports: dict[str, PortIntent]) -> list[BgpIntent]:
    found = []
    for address, below in sections(bgp, "neighbor"):
        group = bgp.get(f"neighbor-group {value(below, 'use neighbor-group')}", EMPTY)
        both = (below, group)
        remote = next((number for one in both if (number := value(one, "remote-as"))), "")
        source = next((name for one in both if (name := value(one, "update-source"))), "")
        family = any("address-family ipv4 unicast" in one for one in both)
        if not remote.isdecimal():
            continue
        found.append(
            BgpIntent(
                address=address,
                remote_as=int(remote),
                # Without an address family there is nothing to speak of.
                enabled=family and not any("shutdown" in one for one in both),
                source=first_address(ports, source),
                description=value(below, "description") or value(group, "description"),
            )
        )
    return found


def day_zero(chassis: Chassis) -> Tree:
    """What the factory and the first console session leave: a name, an address, an account, SSH."""
    text = _DAY_ZERO.format(chassis=chassis)
    for port in chassis.ports:
        if port.name != chassis.management_port:
            text += f"interface {port.name}\n shutdown\n!\n"
    return load(chassis, EMPTY, text + _management(chassis))


def _management(chassis: Chassis) -> str:
    if not chassis.management_port or not chassis.management_address:
        return ""
    # In a VRF of its own from the first day: moving it later would cut the session that moves it.
    text = (
        "vrf MGMT\n address-family ipv4 unicast\n !\n!\n"
        f"interface {chassis.management_port}\n vrf MGMT\n"
        f" ipv4 address {chassis.management_address}\n!\n"
    )
    if chassis.management_gateway:
        text += (
            "router static\n vrf MGMT\n  address-family ipv4 unicast\n"
            f"   0.0.0.0/0 {chassis.management_gateway}\n  !\n !\n!\n"
        )
    return text


_DAY_ZERO = """\
hostname {chassis.name}
username {chassis.username}
 group root-lr
 group cisco-support
 secret 10 $6$dcctl.lab.day0$Nobody.logs.in.with.this.one
!
call-home
 service active
 contact smart-licensing
!
ssh server v2
ssh server netconf vrf default
"""
