"""OSPF and LDP between IOS XE and Junos: both ends see the same, and routes follow from it."""

from __future__ import annotations

import re

import pytest

from dcctl import clock
from tests.unit.lab import small_network as ring

XE_PORT, JUNOS_PORT = ring.ports_of("r1")[0], ring.ports_of("r2")[1]
XE = f"""\
hostname r1
interface Loopback0
 ip address 10.255.0.1 255.255.255.255
interface {XE_PORT}
 ip address 10.0.1.0 255.255.255.254
 ip ospf network point-to-point
 ip ospf 1 area 0
 mpls ip
 no shutdown
router ospf 1
 router-id 10.255.0.1
 passive-interface Loopback0
 network 10.255.0.0 0.0.0.255 area 0
mpls ldp router-id Loopback0 force
router bgp 64512
 neighbor 10.255.0.2 remote-as 64512
 neighbor 10.255.0.2 update-source Loopback0
"""
JUNOS = f"""\
set system host-name r2
set interfaces lo0 unit 0 family inet address 10.255.0.2/32
set interfaces {JUNOS_PORT} unit 0 family inet address 10.0.1.1/31
set interfaces {JUNOS_PORT} unit 0 family mpls
set protocols ospf area 0.0.0.0 interface {JUNOS_PORT}.0 interface-type p2p
set protocols ospf area 0.0.0.0 interface lo0.0 passive
set protocols ldp interface {JUNOS_PORT}.0
set protocols mpls interface {JUNOS_PORT}.0
set routing-options autonomous-system 64512
set protocols bgp group CORE type internal
set protocols bgp group CORE local-address 10.255.0.2
set protocols bgp group CORE neighbor 10.255.0.1
"""


@pytest.fixture
def lab():
    with clock.use(clock.ManualClock()) as time:
        made = ring.network(time.now().timestamp(), configured=False, names=("r1", "r2"))
        made.configure("r1", XE)
        made.configure("r2", JUNOS)
        time.advance(10)
        made.advance()
        yield made, time


def seen(made):
    """(OSPF, LDP, established BGP) as counts, the same at both ends or told as different."""
    found = []
    for name in ("r1", "r2"):
        around = made.view(name)
        up = sum(one.state == "established" for one in around.bgp)
        found.append((len(around.ospf), len(around.ldp), up))
    assert found[0] == found[1]
    return found[0]


def change(made, time, name, *lines):
    ring.change(made, name, *lines)
    time.advance(10)
    made.advance()


def test_both_see_each_other(lab):
    made, _ = lab
    assert seen(made) == (1, 1, 1)
    assert made.view("r1").ospf[0].port == XE_PORT
    assert made.view("r2").ospf[0].router_id == "10.255.0.1"
    assert made.view("r2").ldp[0].ports == (JUNOS_PORT,)


OSPF_ENDS = [
    ("r1", ["no router ospf 1"]),
    ("r1", ["router ospf 1", "shutdown"]),
    ("r1", ["router ospf 1", "passive-interface default"]),
    ("r1", [f"interface {XE_PORT}", "ip ospf 1 area 1"]),
    ("r1", [f"interface {XE_PORT}", "no ip ospf 1 area 0"]),
    ("r1", [f"interface {XE_PORT}", "shutdown"]),
    ("r2", ["delete protocols ospf"]),
    ("r2", ["set protocols ospf disable"]),
    ("r2", [f"set protocols ospf area 0 interface {JUNOS_PORT}.0 passive"]),
    ("r2", [f"set protocols ospf area 0.0.0.0 interface {JUNOS_PORT}.0 disable"]),
    ("r2", [f"delete protocols ospf area 0.0.0.0 interface {JUNOS_PORT}.0"]),
]


@pytest.mark.parametrize(("name", "lines"), OSPF_ENDS)
def test_what_ends_ospf_ends_what_stands_on_it(lab, name, lines):
    made, time = lab
    change(made, time, name, *lines)
    assert seen(made) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("r1", [f"interface {XE_PORT}", "no mpls ip"]),
        ("r1", ["no mpls ip"]),
        ("r2", ["delete protocols ldp"]),
        ("r2", [f"set protocols ldp interface {JUNOS_PORT}.0 disable"]),
        ("r2", [f"delete interfaces {JUNOS_PORT} unit 0 family mpls"]),
    ],
)
def test_ldp_ends_alone(lab, name, lines):
    made, time = lab
    change(made, time, name, *lines)
    assert seen(made) == (1, 0, 1)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["router ospf 1", "mpls ldp autoconfig"], (1, 1, 1)),
        (["router ospf 1", "mpls ldp autoconfig area 0"], (1, 1, 1)),
        (["router ospf 1", "mpls ldp autoconfig area 7"], (1, 0, 1)),
        (["router ospf 1", "no network 10.255.0.0 0.0.0.255 area 0"], (1, 1, 0)),
    ],
)
def test_what_xe_brings_by_its_routing_protocol(lab, lines, expected):
    made, time = lab
    own = [] if "network" in lines[1] else [f"interface {XE_PORT}", "no mpls ip"]
    change(made, time, "r1", *own, *lines)
    assert seen(made) == expected


def test_passive_by_default_but_for_one(lab):
    made, time = lab
    change(made, time, "r1", "router ospf 1", "passive-interface default")
    assert seen(made) == (0, 0, 0)
    change(made, time, "r1", "router ospf 1", f"no passive-interface {XE_PORT}")
    assert seen(made) == (1, 1, 1)
    shown = ring.session(made, "r1").send("show running-config")
    assert f"\n no passive-interface {XE_PORT}\n" in shown


def test_the_most_specific_network_line_wins(lab):
    made, time = lab
    change(made, time, "r1", f"interface {XE_PORT}", "no ip ospf 1 area 0")
    change(made, time, "r1", "router ospf 1", "network 10.0.0.0 0.255.255.255 area 5")
    assert seen(made) == (0, 0, 0)
    change(made, time, "r1", "router ospf 1", "network 10.0.1.0 0.0.0.1 area 0")
    assert seen(made) == (1, 1, 1)


def test_both_tell_what_they_see(lab):
    made, _ = lab
    xe, junos = ring.session(made, "r1"), ring.session(made, "r2")
    rows = {
        "xe ospf": xe.send("show ip ospf neighbor").splitlines()[-1].split(),
        "junos ospf": junos.send("show ospf neighbor").splitlines()[-1].split(),
        "junos ldp": junos.send("show ldp session").splitlines()[-1].split(),
    }
    assert rows["xe ospf"][:3] == ["10.255.0.2", "0", "FULL/"]
    assert rows["xe ospf"][-2:] == ["10.0.1.1", XE_PORT]
    assert rows["junos ospf"][:4] == ["10.0.1.0", f"{JUNOS_PORT}.0", "Full", "10.255.0.1"]
    assert rows["junos ldp"][:3] == ["10.255.0.1", "Operational", "Open"]
    heard = xe.send("show mpls ldp neighbor")
    assert "Peer LDP Ident: 10.255.0.2:0; Local LDP Ident 10.255.0.1:0" in heard
    # The higher address opens the session.
    assert "10.255.0.1.646\n" in heard
    assert f"{XE_PORT}, Src IP addr: 10.0.1.1" in heard


def test_weak_light_is_told_by_the_code_before_the_link_goes(lab):
    made, time = lab
    junos = ring.session(made, "r2")

    def figures():
        text = junos.send(f"show interfaces {JUNOS_PORT} extensive")
        rows = re.findall(r"FEC (?:Unc|C)orrected Errors.* (\d+)$", text, re.MULTILINE)
        return [int(row) for row in rows]

    sound = figures()
    made.fault("r2", "attenuation", {"interface": JUNOS_PORT, "db": 10.0})
    time.advance(10)
    made.advance()
    weak = figures()
    assert sound[1] == sound[3] == 0
    assert weak[2] > 100 * sound[2]
    assert weak[3] > 0


def test_a_lost_supply_is_told_by_both(lab):
    made, _ = lab
    sound = {
        "r1": ("show platform", r"^P1 .* ok "),
        "r2": ("show chassis environment", r"^ +PEM 1 +OK"),
    }
    lost = {"r1": r"^P1 .* ps, fail ", "r2": r"^ +PEM 1 +Failed$"}
    for name, (command, row) in sound.items():
        one = ring.session(made, name)
        assert re.search(row, one.send(command), re.MULTILINE)
        made.fault(name, "alarm", {"text": "Power supply 1 failed"})
        assert re.search(lost[name], one.send(command), re.MULTILINE)


def test_on_a_broadcast_network_one_is_designated(lab):
    made, time = lab
    xe = ring.session(made, "r1")
    change(made, time, "r1", f"interface {XE_PORT}", "no ip ospf network point-to-point")
    assert re.search(r" 1   FULL/DR ", xe.send("show ip ospf neighbor"))
    change(made, time, "r1", "router ospf 1", "router-id 10.255.0.3")
    assert re.search(r" 1   FULL/BDR ", xe.send("show ip ospf neighbor"))
