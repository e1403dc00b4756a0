"""OSPF and LDP between two makes of switch: both ends see the same, and routes follow from it."""

from __future__ import annotations

import json
import re

import pytest

from dcctl import clock
from dcctl.lab.elements.network import Network
from tests.unit.lab import two_switches

EOS = """\
hostname eos
interface Loopback0
   ip address 10.255.0.1/32
   ip ospf area 0
interface Ethernet1
   no switchport
   ip address 10.0.0.0/31
   ip ospf network point-to-point
   ip ospf area 0.0.0.0
interface Ethernet2
   no switchport
   ip address 10.0.1.0/31
   ip ospf area 0.0.0.0
ip routing
mpls ip
mpls ldp
   router-id interface Loopback0
   no shutdown
router ospf 1
router bgp 64512
   neighbor 10.255.0.2 remote-as 64512
   neighbor 10.255.0.2 update-source Loopback0
   address-family ipv4
      neighbor 10.255.0.2 activate
"""
NEXUS = """\
hostname nexus
install feature-set mpls
feature-set mpls
feature mpls ldp
feature ospf
feature bgp
interface loopback0
  ip address 10.255.0.2/32
  ip router ospf 1 area 0.0.0.0
interface Ethernet1/1
  no switchport
  ip address 10.0.0.1/31
  ip ospf network point-to-point
  ip router ospf 1 area 0.0.0.0
  mpls ip
  no shutdown
interface Ethernet1/2
  no switchport
  ip address 10.0.1.1/31
  ip router ospf 1 area 0.0.0.0
  mpls ip
  no shutdown
router ospf 1
router bgp 64512
  neighbor 10.255.0.1 remote-as 64512
    update-source loopback0
    address-family ipv4 unicast
"""


@pytest.fixture
def lab():
    with clock.use(clock.ManualClock()) as time:
        made: Network = two_switches.network(time.now().timestamp(), configured=False)
        made.configure("eos", EOS)
        made.configure("nexus", NEXUS)
        yield made, time


def later(made, time, seconds=10):
    time.advance(seconds)
    made.advance()


def seen(made):
    """(OSPF ports, LDP sources, BGP state) as each end writes them."""
    eos, nexus = two_switches.session(made, "eos"), two_switches.session(made, "nexus")
    eos.send("enable")
    found = {}
    for name, one, ospf in (
        ("eos", eos, "show ip ospf neighbor"),
        ("nexus", nexus, "show ip ospf neighbors"),
    ):
        sources = one.send("show mpls ldp neighbor").partition("discovery sources:")[2]
        found[name] = (
            re.findall(r"FULL\S* .* (Eth\S+)", one.send(ospf)),
            re.findall(r"Ethernet[\d/]+", sources),
            made.view(name).bgp[0].state,
        )
    return found


BOTH = {
    "eos": (["Ethernet1", "Ethernet2"], ["Ethernet1", "Ethernet2"], "established"),
    "nexus": (["Eth1/1", "Eth1/2"], ["Ethernet1/1", "Ethernet1/2"], "established"),
}
NONE = {"eos": ([], [], "active"), "nexus": ([], [], "active")}


def test_ospf_carries_ldp_and_bgp(lab):
    made, time = lab
    assert seen(made) == NONE
    later(made, time)
    assert seen(made) == BOTH


def test_a_cut_fibre_takes_one_neighbour_and_no_session(lab):
    made, time = lab
    later(made, time)
    since = made.view("eos").ldp[0].since
    made.fault("eos", "link_down", {"interface": "Ethernet1"})
    later(made, time)
    assert seen(made) == {
        "eos": (["Ethernet2"], ["Ethernet2"], "established"),
        "nexus": (["Eth1/2"], ["Ethernet1/2"], "established"),
    }
    assert made.view("eos").ldp[0].since == since
    made.fault("eos", "clear", {})
    later(made, time)
    assert seen(made) == BOTH
    assert made.view("eos").ldp[0].since == since
    made.fault("eos", "link_down", {"interface": "Ethernet1"})
    made.fault("nexus", "link_down", {"interface": "Ethernet1/2"})
    later(made, time)
    assert seen(made) == NONE
    made.fault("eos", "clear", {})
    made.fault("nexus", "clear", {})
    later(made, time)
    assert seen(made) == BOTH


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("eos", ["interface Ethernet1-2", "ip ospf area 1"]),
        ("eos", ["router ospf 1", "passive-interface default"]),
        ("eos", ["router ospf 1", "shutdown"]),
        ("eos", ["no router ospf 1"]),
        ("nexus", ["router ospf 1", "passive-interface default"]),
        ("nexus", ["no router ospf 1"]),
        ("nexus", ["no feature ospf"]),
    ],
)
def test_what_ends_ospf_ends_what_stands_on_it(lab, name, lines):
    made, time = lab
    later(made, time)
    one = two_switches.session(made, name)
    if "Ethernet1-2" in lines[0]:
        lines = [x for port in "12" for x in (f"interface Ethernet{port}", "ip ospf area 1")]
    two_switches.typed(one, "enable", "configure terminal", *lines, "end")
    later(made, time)
    states = {name: made.view(name) for name in ("eos", "nexus")}
    assert {(one.ospf, one.ldp, one.bgp[0].state) for one in states.values()} == {
        ((), (), "active")
    }


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("eos", ["mpls ldp", "shutdown"]),
        ("eos", ["no mpls ip"]),
        ("eos", ["mpls ldp", "interface disabled default"]),
        ("nexus", ["no feature mpls ldp"]),
    ],
)
def test_ldp_ends_alone(lab, name, lines):
    made, time = lab
    one = two_switches.session(made, name)
    two_switches.typed(one, "enable", "configure terminal", *lines, "end")
    later(made, time)
    for each in ("eos", "nexus"):
        around = made.view(each)
        assert (len(around.ospf), around.ldp, around.bgp[0].state) == (2, (), "established")


def test_who_is_designated_is_told_only_where_one_is(lab):
    made, time = lab
    later(made, time)
    eos, nexus = two_switches.session(made, "eos"), two_switches.session(made, "nexus")
    eos.send("enable")
    assert re.findall(r"FULL\S*", eos.send("show ip ospf neighbor")) == ["FULL", "FULL/DR"]
    assert re.findall(r"FULL/ ?\S+", nexus.send("show ip ospf neighbors")) == [
        "FULL/ -",
        "FULL/BDR",
    ]
    entries = json.loads(eos.send("show ip ospf neighbor | json"))["vrfs"]["default"]["instList"]
    assert [one["adjacencyState"] for one in entries["1"]["ospfNeighborEntries"]] == ["full"] * 2
    context = json.loads(nexus.send("show ip ospf neighbors | json"))["TABLE_ctx"]["ROW_ctx"]
    assert context["nbrcount"] == "2"
    assert [row["rid"] for row in context["TABLE_nbr"]["ROW_nbr"]] == ["10.255.0.1"] * 2
