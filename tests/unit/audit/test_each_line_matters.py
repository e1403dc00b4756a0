"""Each line that protects routing is looked at: without it, what it protected is not any more."""

from __future__ import annotations

import re
from functools import cache

import pytest

from dcctl import clock, platforms
from dcctl.contracts import Output
from dcctl.facts.routing_protection import RoutingProtection
from dcctl.lab.elements.session import InProcessSession
from tests.unit.audit.strength import HARDENED, SUBJECT, Case, network, platforms_held

TOPIC = "routing_protection"
FRR = """hostname r1
interface eth1
 ip address 10.0.1.0/31
 ip router isis CORE
 isis password md5 hidden
exit
interface eth2
 ip address 10.0.2.0/31
 ip ospf area 0
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 hidden
exit
interface lo
 ip router isis CORE
exit
router bgp 64512
 neighbor 10.255.0.11 remote-as 64512
 neighbor 10.255.0.11 password hidden
 neighbor 10.0.2.1 remote-as 64600
 neighbor 10.0.2.1 password hidden
 address-family ipv4 unicast
  neighbor 10.0.2.1 prefix-list IN in
  neighbor 10.0.2.1 prefix-list OUT out
  neighbor 10.0.2.1 maximum-prefix 100
 exit-address-family
exit
router ospf
exit
end
"""
# What is taken away (lines that hold it), whose protection that is, and which kind.
LOSES = [
    ("cisco_xe", "isis authentication mode", "isis", "authenticated"),
    ("cisco_xe", "isis authentication key-chain", "isis", "authenticated"),
    ("cisco_xe", "ip ospf authentication", "ospf", "authenticated"),
    ("cisco_xe", "neighbor 10.255.0.11 password", "bgp", "authenticated"),
    ("cisco_xe", "maximum-prefix", "bgp", "limited"),
    ("cisco_xe", "PARTNER-IN in", "bgp", "filtered"),
    ("cisco_xe", "PARTNER-OUT out", "bgp", "filtered"),
    ("cisco_xr", "hello-password", "isis", "authenticated"),
    ("cisco_xr", "authentication message-digest", "ospf", "authenticated"),
    ("cisco_xr", "  keychain BONES", "bgp", "authenticated"),
    ("cisco_xr", "maximum-prefix", "bgp", "limited"),
    ("cisco_xr", "PARTNER-OUT out", "bgp", "filtered"),
    ("cisco_nxos", "  isis authentication-type", "isis", "authenticated"),
    ("cisco_nxos", "  isis authentication key-chain", "isis", "authenticated"),
    ("cisco_nxos", "ip ospf authentication", "ospf", "authenticated"),
    ("cisco_nxos", "    password 3", "bgp", "authenticated"),
    ("cisco_nxos", "maximum-prefix", "bgp", "limited"),
    ("cisco_nxos", "PARTNER-IN in", "bgp", "filtered"),
    ("arista_eos", "isis authentication mode", "isis", "authenticated"),
    ("arista_eos", "isis authentication key", "isis", "authenticated"),
    ("arista_eos", "ip ospf authentication", "ospf", "authenticated"),
    ("arista_eos", "ip ospf message-digest-key", "ospf", "authenticated"),
    ("arista_eos", "neighbor 10.255.0.11 password", "bgp", "authenticated"),
    ("arista_eos", "maximum-routes", "bgp", "limited"),
    ("arista_eos", "PARTNER-OUT out", "bgp", "filtered"),
    ("huawei_vrp", "isis authentication-mode", "isis", "authenticated"),
    ("huawei_vrp", "ospf authentication-mode", "ospf", "authenticated"),
    ("huawei_vrp", "peer 10.255.0.11 keychain", "bgp", "authenticated"),
    ("huawei_vrp", "route-limit", "bgp", "limited"),
    ("huawei_vrp", "PARTNER-IN import", "bgp", "filtered"),
    ("juniper_junos", "protocols isis.*authentication-key", "isis", "authenticated"),
    ("juniper_junos", "protocols ospf.*authentication", "ospf", "authenticated"),
    ("juniper_junos", "group CORE authentication-key", "bgp", "authenticated"),
    ("juniper_junos", "prefix-limit", "bgp", "limited"),
    ("juniper_junos", "group PARTNER export", "bgp", "filtered"),
    ("nokia_sros", "authentication-type message-digest", "isis", "authenticated"),
    ("nokia_sros", " authentication-type message-digest", "ospf", "authenticated"),
    ("nokia_sros", ' authentication-key "', "bgp", "authenticated"),
    ("nokia_sros", 'policy \\["PARTNER-IN"\\]', "bgp", "filtered"),
    ("frr", "isis password", "isis", "authenticated"),
    ("frr", "ospf authentication", "ospf", "authenticated"),
    ("frr", "message-digest-key", "ospf", "authenticated"),
    ("frr", "10.255.0.11 password", "bgp", "authenticated"),
    ("frr", "maximum-prefix", "bgp", "limited"),
    ("frr", "prefix-list IN in", "bgp", "filtered"),
]
SPEAKING = [name for name in platforms_held() if platforms.get(name).collector(TOPIC)]


@cache
def answer(platform: str) -> str:
    """What the hardened element answers to the command that tells of it."""
    if platform == "frr":
        return FRR
    (command,) = platforms.get(platform).collector(TOPIC).commands
    with clock.use(clock.ManualClock()):
        session = InProcessSession(network(Case(platform, HARDENED)), SUBJECT)
        if platform == "arista_eos":
            session.send("enable")
        return session.send(command)


def fact(platform: str, text: str) -> RoutingProtection:
    collector = platforms.get(platform).collector(TOPIC)
    return collector.parse([Output(command=one, text=text) for one in collector.commands])


@pytest.mark.parametrize("platform", [*SPEAKING, "frr"])
def test_all_of_a_hardened_one_is_protected(platform) -> None:
    items = fact(platform, answer(platform)).items
    assert {one.protocol for one in items} == {"isis", "ospf", "bgp"}
    assert all(one.authenticated for one in items)
    assert [one.name for one in items if one.external] == ["10.0.2.1"]
    assert all(one.limited and one.filtered for one in items if one.external)
    assert len(items) == 4  # one link each, two neighbours; a loopback looks for nobody


@pytest.mark.parametrize(("platform", "line", "protocol", "kind"), LOSES)
def test_without_its_line_it_is_not(platform, line, protocol, kind) -> None:
    before = answer(platform)
    kept = [one for one in before.splitlines(keepends=True) if not re.search(line, one)]
    after = "".join(kept)
    assert after != before
    found = [one for one in fact(platform, after).items if one.protocol == protocol]
    assert found
    assert not all(getattr(one, kind) for one in found if kind == "authenticated" or one.external)
