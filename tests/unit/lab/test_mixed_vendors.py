"""Routers of four vendors in one ring: what one says of a link, the other end says too."""

from __future__ import annotations

import re

import pytest

from dcctl.lab.elements.fabric import End, Link
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession

PORTS = {
    "xe": ("TenGigabitEthernet0/0/0", "TenGigabitEthernet0/0/1"),
    "xr": ("HundredGigE0/0/0/0", "HundredGigE0/0/0/1"),
    "vrp": ("GigabitEthernet0/1/0", "GigabitEthernet0/1/1"),
    "junos": ("xe-0/0/0", "xe-0/0/1"),
}
SYSTEMS = {
    "xe": ("cisco_xe", "C8500-12X4QC", "GigabitEthernet0"),
    "xr": ("cisco_xr", "NCS-5504", "MgmtEth0/RP0/CPU0/0"),
    "vrp": ("huawei_vrp", "NetEngine 8000 M8", "GigabitEthernet0/0/0"),
    "junos": ("juniper_junos", "MX204", "fxp0"),
}
NAMES = tuple(PORTS)
# What tells of the adjacencies, and what a row that is up looks like.
ISIS = {
    "xe": ("show isis neighbors", r"^(\w+)\s+L2\s+\S+\s+\S+\s+UP"),
    "xr": ("show isis neighbors", r"^(\w+)\s+\S+\s+\S+\s+Up"),
    "vrp": ("display isis peer", r"^(\w+)\s+\S+\s+\d+\s+Up"),
    "junos": ("show isis adjacency", r"^\S+\s+(\w+)\s+2\s+Up"),
}
BGP = {
    "xe": ("show ip bgp summary", r"^(10\.\S+)\s.*\s\d+$"),
    "xr": ("show bgp summary", r"^(10\.\S+)\s.*\s\d+$"),
    "vrp": ("display bgp peer", r"^\s+(10\.\S+)\s.*Established"),
    "junos": ("show bgp summary", r"^(10\.\S+)\s.*Establ"),
}


def addresses(name):
    """(towards the next, towards the one before), as octets of the /31 between them."""
    place = NAMES.index(name)
    return f"10.1.{place}.0", f"10.1.{(place - 1) % 4}.1"


def configuration(name):
    number = NAMES.index(name) + 1
    net = f"49.0001.0100.0000.000{number}.00"
    both = list(zip(PORTS[name], addresses(name), strict=True))
    peers = [other for other in range(1, 5) if other != number]
    return {"xe": _xe, "xr": _xr, "vrp": _vrp, "junos": _junos}[name](
        name, number, net, both, peers
    )


def _xe(name, number, net, both, peers):
    lines = [
        f"hostname {name}",
        "interface Loopback0",
        f" ip address 10.0.0.{number} 255.255.255.255",
    ]
    for port, address in both:
        lines += [f"interface {port}", f" ip address {address} 255.255.255.254"]
        lines += [" ip router isis A", " isis network point-to-point", " no shutdown"]
    lines += [
        "router isis A",
        f" net {net}",
        " is-type level-2-only",
        " passive-interface Loopback0",
    ]
    lines += ["router bgp 65000"]
    for peer in peers:
        lines += [f" neighbor 10.0.0.{peer} remote-as 65000"]
        lines += [f" neighbor 10.0.0.{peer} update-source Loopback0"]
    return "\n".join(lines)


def _xr(name, number, net, both, peers):
    lines = [f"hostname {name}", "interface Loopback0", f" ipv4 address 10.0.0.{number}/32"]
    for port, address in both:
        lines += [f"interface {port}", f" ipv4 address {address}/31", " no shutdown"]
    lines += ["router isis A", " is-type level-2-only", f" net {net}", " interface Loopback0"]
    lines += ["  passive", "  address-family ipv4 unicast"]
    for port, _ in both:
        lines += [f" interface {port}", "  point-to-point", "  address-family ipv4 unicast"]
    lines += ["router bgp 65000", " address-family ipv4 unicast"]
    for peer in peers:
        lines += [f" neighbor 10.0.0.{peer}", "  remote-as 65000", "  update-source Loopback0"]
        lines += ["  address-family ipv4 unicast"]
    return "\n".join(lines)


def _vrp(name, number, net, both, peers):
    lines = [f"sysname {name}", "isis 1", " is-level level-2", f" network-entity {net}"]
    lines += [f" is-name {name}", "interface LoopBack0", f" ip address 10.0.0.{number} 32"]
    lines += [" isis enable 1"]
    for port, address in both:
        lines += [f"interface {port}", " undo shutdown", f" ip address {address} 31"]
        lines += [" isis enable 1", " isis circuit-type p2p"]
    lines += ["bgp 65000"]
    for peer in peers:
        lines += [f" peer 10.0.0.{peer} as-number 65000"]
        lines += [f" peer 10.0.0.{peer} connect-interface LoopBack0"]
    return "\n".join(lines)


def _junos(name, number, net, both, peers):
    lines = [
        f"set system host-name {name}",
        f"set interfaces lo0 unit 0 family inet address 10.0.0.{number}/32",
        f"set interfaces lo0 unit 0 family iso address {net}",
        "set protocols isis interface lo0.0 passive",
        "set protocols isis level 1 disable",
        "set routing-options autonomous-system 65000",
        "set protocols bgp group A type internal",
        f"set protocols bgp group A local-address 10.0.0.{number}",
    ]
    for port, address in both:
        lines += [f"set interfaces {port} unit 0 family inet address {address}/31"]
        lines += [f"set interfaces {port} unit 0 family iso"]
        lines += [f"set protocols isis interface {port}.0 point-to-point"]
    lines += [f"set protocols bgp group A neighbor 10.0.0.{peer}" for peer in peers]
    return "\n".join(lines)


@pytest.fixture
def ring():
    chassis = []
    for number, name in enumerate(NAMES, 1):
        system, model, management = SYSTEMS[name]
        chassis.append(
            Chassis(
                name=name,
                system=system,
                model=model,
                serial=f"S{number}",
                ports=tuple(
                    Port(name=port, mac=f"0200cc{number:02d}00{i:02d}", optic=i > 0)
                    for i, port in enumerate((management, *PORTS[name]))
                ),
                management_port=management,
                management_address=f"10.9.0.{number}/24",
                management_gateway="10.9.0.254",
            )
        )
    links = [
        Link(End(name, PORTS[name][0]), End(NAMES[(at + 1) % 4], PORTS[NAMES[(at + 1) % 4]][1]))
        for at, name in enumerate(NAMES)
    ]
    made = Network(chassis, links, now=1_790_000_000.0)
    for name in NAMES:
        made.configure(name, configuration(name))
    made.advance(made.now + 600)
    return made


def rows(made, name, table):
    command, pattern = table[name]
    text = InProcessSession(made, name).send(command)
    return set(re.findall(pattern, text, re.MULTILINE)), text


def expected(name):
    at = NAMES.index(name)
    return {NAMES[at - 1], NAMES[(at + 1) % 4]}


def test_neighbours_of_any_vendor_come_up(ring):
    for name in NAMES:
        found, text = rows(ring, name, ISIS)
        assert found == expected(name), text
        peers, text = rows(ring, name, BGP)
        others = {f"10.0.0.{n}" for n, other in enumerate(NAMES, 1) if other != name}
        assert {peer.partition("+")[0] for peer in peers} == others, text


@pytest.mark.parametrize("broken", NAMES)
def test_a_port_that_goes_down_is_seen_at_both_ends(ring, broken):
    ring.fault(broken, "link_down", {"interface": PORTS[broken][0]})
    ring.advance(ring.now + 120)
    other = NAMES[(NAMES.index(broken) + 1) % 4]
    assert rows(ring, broken, ISIS)[0] == expected(broken) - {other}
    assert rows(ring, other, ISIS)[0] == expected(other) - {broken}


OSPF_AND_LDP = {
    "xr": """\
router ospf A
 area 0
  interface Loopback0
   passive enable
  !
  interface {0}
  !
  interface {1}
  !
 !
!
mpls ldp
 interface {0}
 !
 interface {1}
 !
!
""",
    "vrp": """\
mpls lsr-id 10.0.0.3
mpls
mpls ldp
ospf 1
 area 0.0.0.0
  network 10.0.0.3 0.0.0.0
  network 10.1.0.0 0.0.255.255
interface {0}
 mpls
 mpls ldp
interface {1}
 mpls
 mpls ldp
""",
}


def test_ospf_and_ldp_between_two_vendors(ring):
    for name, text in OSPF_AND_LDP.items():
        ring.configure(name, text.format(*PORTS[name]))
    ring.advance(ring.now + 60)
    said = {
        "xr": ("show ospf neighbor", "10.0.0.3        1     FULL/  -"),
        "vrp": ("display ospf peer brief", "10.0.0.2             Full"),
    }
    for name, (command, row) in said.items():
        text = InProcessSession(ring, name).send(command)
        assert text.count(row) == 1, text
    text = InProcessSession(ring, "xr").send("show mpls ldp neighbor brief")
    assert "10.0.0.3:0" in text
    text = InProcessSession(ring, "vrp").send("display mpls ldp session")
    assert "10.0.0.2:0" in text
    assert "Operational" in text
    ring.fault("xr", "link_down", {"interface": PORTS["xr"][0]})
    ring.advance(ring.now + 60)
    assert "10.0.0.3" not in InProcessSession(ring, "xr").send("show ospf neighbor")
    assert "10.0.0.2:0" not in InProcessSession(ring, "vrp").send("display mpls ldp session")
