"""A drain and its undrain leave the configuration as it was, in the words of the platform."""

from __future__ import annotations

import re

import pytest

from dcctl import platforms
from dcctl.model.target import Interface, Target
from dcctl.platforms import _hierarchy
from dcctl.platforms.arista_eos._change import DIALECT as EOS
from dcctl.platforms.cisco_nxos._dialect import DIALECT as NXOS
from dcctl.platforms.cisco_xe._dialect import DIALECT as XE
from dcctl.platforms.cisco_xr._dialect import DIALECT as XR
from dcctl.platforms.frr._change import DIALECT as FRR
from dcctl.platforms.frr._drain import drained as still_drained
from dcctl.platforms.huawei_vrp._dialect import DIALECT as VRP

PORT = Interface(
    name="TenGigabitEthernet0/0/0", link="a--b", peer="b", protocols=("isis", "ospf", "bfd")
)
OSPF = Interface(name="TenGigabitEthernet0/0/1", link="a--c", peer="c", protocols=("ospf",))
IN = {"address": "10.255.0.1", "asn": 64512, "name": "core"}
OUT = {"address": "203.0.113.9", "asn": 65009, "name": "other"}


def target(platform, *, ports=(PORT, OSPF), neighbors=(IN, OUT), **variables):
    return Target(
        name="a",
        platform=platform,
        kind="router",
        interfaces=ports,
        intent={"routing": {"asn": 64512, "router_id": "10.255.0.9", "bgp_neighbors": neighbors}},
        variables={"isis_instance": "BACKBONE", **variables},
    )


def merged(running, lines, dialect):
    """`running` with `lines` typed: `no` takes the line, and what begins like it."""

    def enter(tree, typed):
        for line, below in typed.items():
            if line.startswith("no "):
                gone = line.removeprefix("no ")
                for have in [one for one in tree if one == gone or one.startswith(gone + " ")]:
                    del tree[have]
            else:
                enter(tree.setdefault(line, {}), below)

    tree = _hierarchy.parse(running, dialect)
    typed = (re.sub(r"^( *)undo ", r"\1no ", line) for line in lines if line.strip() != "quit")
    enter(tree, _hierarchy.parse("\n".join(typed), dialect))
    return _hierarchy.render(tree)


RUNNING = {
    "cisco_xe": """\
router isis BACKBONE
 net 49.0001.0000.0000.0009.00
 is-type level-2-only
router ospf 1
 router-id 10.255.0.9
router bgp 64512
 bgp router-id 10.255.0.9
 neighbor 10.255.0.1 remote-as 64512
 neighbor 203.0.113.9 remote-as 65009
 address-family ipv4
  network 10.101.0.0 mask 255.255.0.0
  neighbor 10.255.0.1 activate
  neighbor 10.255.0.1 next-hop-self
  neighbor 203.0.113.9 activate""",
    "cisco_xr": """\
router isis BACKBONE
 is-type level-2-only
 net 49.0001.0000.0000.0009.00
router ospf BACKBONE
 router-id 10.255.0.9
 area 0
  interface Loopback0
   passive enable
router bgp 64512
 bgp router-id 10.255.0.9
 address-family ipv4 unicast
  network 10.101.0.0/16
 neighbor 10.255.0.1
  remote-as 64512
  address-family ipv4 unicast
   next-hop-self
 neighbor 203.0.113.9
  remote-as 65009""",
    "cisco_nxos": """\
feature scheduler
router isis BACKBONE
  net 49.0001.0000.0000.0009.00
  is-type level-2
router ospf 1
  router-id 10.255.0.9
router bgp 64512
  router-id 10.255.0.9
  address-family ipv4 unicast
    network 10.101.0.0/16
  neighbor 10.255.0.1
    remote-as 64512
    address-family ipv4 unicast
      next-hop-self
  neighbor 203.0.113.9
    remote-as 65009
    address-family ipv4 unicast
      weight 10""",
    "arista_eos": """\
router bgp 64512
   router-id 10.255.0.9
   neighbor 10.255.0.1 remote-as 64512
   neighbor 10.255.0.1 next-hop-self
   neighbor 203.0.113.9 remote-as 65009
   address-family ipv4
      neighbor 10.255.0.1 activate
router isis BACKBONE
   net 49.0001.0000.0000.0009.00
   is-type level-2
router ospf 1
   router-id 10.255.0.9""",
    "frr": """\
router bgp 64512
 bgp router-id 10.255.0.9
 neighbor 10.255.0.1 remote-as 64512
 neighbor 203.0.113.9 remote-as 65009
router ospf
 ospf router-id 10.255.0.9
router isis BACKBONE
 is-type level-2-only
 net 49.0001.0000.0000.0009.00""",
    "huawei_vrp": """\
isis 1
 is-level level-2
 network-entity 49.0001.0000.0000.0009.00
ospf 1 router-id 10.255.0.9
 area 0.0.0.0
bgp 64512
 router-id 10.255.0.9
 peer 10.255.0.1 as-number 64512
 peer 203.0.113.9 as-number 65009
 ipv4-family unicast
  network 10.101.0.0 255.255.0.0
  peer 10.255.0.1 enable
  peer 203.0.113.9 enable""",
}
DRAINED = {
    "cisco_xe": [
        ("route-map DCCTL-DRAIN permit 10", "set local-preference 0"),
        ("route-map DCCTL-DRAIN permit 10", "set community 65535:0 additive"),
        ("router isis BACKBONE", "set-overload-bit"),
        ("router ospf 1", "max-metric router-lsa"),
        (
            "router bgp 64512",
            "address-family ipv4",
            "neighbor 10.255.0.1 route-map DCCTL-DRAIN out",
        ),
        ("router bgp 64512", "address-family ipv4", "neighbor 203.0.113.9 send-community"),
    ],
    "cisco_xr": [
        ("router isis BACKBONE", "set-overload-bit"),
        ("router ospf BACKBONE", "max-metric router-lsa"),
        ("router bgp 64512", "neighbor 10.255.0.1", "graceful-maintenance", "activate"),
        ("router bgp 64512", "neighbor 203.0.113.9", "graceful-maintenance", "local-preference 0"),
    ],
    "cisco_nxos": [
        ("route-map DCCTL-DRAIN permit 10", "set local-preference 0"),
        ("route-map DCCTL-DRAIN permit 10", "set community 65535:0 additive"),
        ("router isis BACKBONE", "set-overload-bit always"),
        ("router ospf 1", "max-metric router-lsa"),
        ("router bgp 64512", "graceful-shutdown activate route-map DCCTL-DRAIN"),
        (
            "router bgp 64512",
            "neighbor 203.0.113.9",
            "address-family ipv4 unicast",
            "send-community",
        ),
    ],
    "arista_eos": [
        ("route-map DCCTL-DRAIN permit 10", "set local-preference 0"),
        ("router isis BACKBONE", "set-overload-bit"),
        ("router ospf 1", "max-metric router-lsa"),
        ("router bgp 64512", "neighbor 10.255.0.1 route-map DCCTL-DRAIN out"),
        ("router bgp 64512", "neighbor 203.0.113.9 send-community"),
    ],
    "frr": [
        ("router isis BACKBONE", "set-overload-bit"),
        ("router ospf", "max-metric router-lsa administrative"),
        ("router bgp 64512", "bgp graceful-shutdown"),
    ],
    "huawei_vrp": [
        ("route-policy DCCTL-DRAIN permit node 10", "apply local-preference 0"),
        ("route-policy DCCTL-DRAIN permit node 10", "apply community 65535:0 additive"),
        ("isis 1", "set-overload"),
        ("ospf 1 router-id 10.255.0.9", "stub-router"),
        ("bgp 64512", "ipv4-family unicast", "peer 10.255.0.1 route-policy DCCTL-DRAIN export"),
        ("bgp 64512", "ipv4-family unicast", "peer 203.0.113.9 advertise-community"),
    ],
}
DIALECTS = {
    "arista_eos": EOS,
    "frr": FRR,
    "cisco_nxos": NXOS,
    "cisco_xe": XE,
    "cisco_xr": XR,
    "huawei_vrp": VRP,
}


@pytest.mark.parametrize("name", RUNNING)
def test_running_and_drain_and_undrain_is_running(name):
    upgrade, dialect = platforms.get(name).upgrade, DIALECTS[name]
    before = _hierarchy.render(_hierarchy.parse(RUNNING[name], dialect))
    drained = merged(before, upgrade.drain(target(name)), dialect)
    tree = _hierarchy.parse(drained, dialect)
    for path in DRAINED[name]:
        at = tree
        for part in path:
            assert part in at, path
            at = at[part]
    assert merged(drained, upgrade.undrain(target(name)), dialect) == before


@pytest.mark.parametrize("name", RUNNING)
def test_the_remediation_takes_a_drain_out_that_was_left_behind(name):
    """Hier_config's prediction: what the platform would send is what the undrain says."""
    dialect, change = DIALECTS[name], platforms.get(name).change
    before = _hierarchy.render(_hierarchy.parse(RUNNING[name], dialect))
    drained = merged(before, platforms.get(name).upgrade.drain(target(name)), dialect)
    lines = change.replace(drained, before).lines
    assert lines
    assert merged(drained, lines, dialect) == before


@pytest.mark.parametrize("name", RUNNING)
def test_only_what_is_spoken_is_drained(name):
    upgrade = platforms.get(name).upgrade
    none = target(name, ports=(), neighbors=())
    assert upgrade.drain(none) == upgrade.undrain(none) == ()
    only = "\n".join(upgrade.drain(target(name, ports=(OSPF,), neighbors=())))
    assert "isis" not in only
    assert "bgp" not in only
    assert "ospf" in only


def test_what_junos_is_told_is_taken_back_whole():
    upgrade, change = platforms.get("juniper_junos").upgrade, platforms.get("juniper_junos").change
    before = [
        "set protocols isis interface lo0.0 passive",
        "set protocols ospf area 0.0.0.0 interface lo0.0 passive",
        "set protocols bgp log-updown",
    ]
    drained = [*before, *upgrade.drain(target("juniper_junos"))]
    assert drained[3:] == [
        "set protocols isis overload",
        "set protocols ospf overload",
        "set protocols bgp graceful-shutdown sender local-preference 0",
    ]
    gone = [line.replace("delete", "set") for line in upgrade.undrain(target("juniper_junos"))]
    left = [one for one in drained if not any(f"{one} ".startswith(f"{g} ") for g in gone)]
    assert left == before
    lines = change.replace("\n".join(drained), "\n".join(before)).lines
    assert sorted(lines) == sorted(upgrade.undrain(target("juniper_junos")))


def test_what_sr_os_is_told_is_taken_back_whole():
    upgrade, change = platforms.get("nokia_sros").upgrade, platforms.get("nokia_sros").change
    one = target("nokia_sros", announced_networks=["10.101.0.0/16"])
    before = """\
configure {
    policy-options {
        policy-statement "ANNOUNCE" {
            default-action {
                action-type reject
            }
        }
    }
    router "Base" {
        bgp {
            group "INTERNAL" {
                export {
                    policy ["ANNOUNCE"]
                }
            }
        }
        isis 0 {
            level-capability 2
        }
        ospf 0 {
            router-id 10.255.0.9
        }
    }
}"""
    lines = upgrade.drain(one)
    group = '/configure router "Base" bgp group "INTERNAL" export'
    # Setting adds to the end of a list: only in this order does the drain stand first.
    at = lines.index(f'{group} policy ["DCCTL-DRAIN" "ANNOUNCE"]')
    assert lines[at - 1] == f"delete {group}"
    assert (
        lines.index(f"delete {group}")
        == lines.index(f'{group} policy ["DCCTL-DRAIN" "ANNOUNCE"]') - 1
    )
    made = [line for line in lines if not line.startswith("delete ")]
    gone = [line.removeprefix("delete ") for line in upgrade.undrain(one) if line[:7] == "delete "]
    assert all(any(f"{line} ".startswith(f"{one} ") for one in gone) for line in made)
    assert f'{group} policy ["ANNOUNCE"]' in upgrade.undrain(one)
    drained = before.replace('["ANNOUNCE"]', '["DCCTL-DRAIN" "ANNOUNCE"]').replace(
        "level-capability 2", "level-capability 2\n            overload {\n            }"
    )
    predicted = change.replace(drained, before).lines
    assert 'delete /configure router "Base" isis 0 overload' in predicted


def test_a_drain_of_frr_outlives_another_configuration_file():
    before = RUNNING["frr"]
    lines = platforms.get("frr").upgrade.drain(target("frr"))
    kept = still_drained(merged(before, lines, FRR))
    assert _hierarchy.parse(kept, FRR) == _hierarchy.parse("\n".join(lines), FRR)
    assert still_drained(before) == ""
