"""From running to intended: what is sent, what is left alone, what counts as destructive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcctl import platforms
from dcctl.platforms._hierarchy import normalised
from dcctl.platforms.cisco_xe._change import remediate
from dcctl.platforms.cisco_xe._dialect import DIALECT
from dcctl.platforms.frr._change import remediate as remediate_frr
from dcctl.platforms.juniper_junos._change import remediate as remediate_junos

ARCHIVE = "archive\n path flash:dcctl-archive\n maximum 10\n"
NEIGHBORS = """\
router bgp 64512
 bgp router-id 10.0.0.1
 neighbor 10.0.0.2 remote-as 64512
 neighbor 10.0.0.2 description two
 neighbor 10.0.0.3 remote-as 64512
 neighbor 10.0.0.3 description three
 !
 address-family ipv4
  neighbor 10.0.0.2 activate
  neighbor 10.0.0.3 activate
 exit-address-family
"""


def lines(running, intended):
    return [line.strip() for line in remediate(ARCHIVE + running, intended).lines]


def test_what_the_intended_text_does_not_mention_is_left():
    running = (
        "username root privilege 15\nip route 0.0.0.0 0.0.0.0 10.0.0.1\ninterface Gi1\n shutdown\n"
    )
    assert lines(running, "hostname a\n") == ["hostname a"]


def test_a_mentioned_section_is_made_equal():
    running = "interface Gi1\n description old\n ip address 10.0.0.1 255.255.255.0\n shutdown\n"
    intended = "interface Gi1\n description new\n mtu 9000\n no shutdown\n"
    assert lines(running, intended) == [
        "interface Gi1",
        "no ip address 10.0.0.1 255.255.255.0",
        "description new",
        "mtu 9000",
        "no shutdown",
        "exit",
    ]
    wanted = remediate(ARCHIVE + running, intended)
    assert wanted.destructive == ("no ip address 10.0.0.1 255.255.255.0",)


def test_single_lines_are_a_section_by_their_kind():
    running = "logging host 10.0.0.9\nntp server 10.0.0.9\nip ssh version 2\n"
    assert lines(running, "logging host 10.0.0.1\n") == [
        "no logging host 10.0.0.9",
        "logging host 10.0.0.1",
    ]


def test_a_neighbor_that_goes_is_negated_once():
    intended = "\n".join(line for line in NEIGHBORS.splitlines() if "10.0.0.3" not in line)
    assert lines(NEIGHBORS, intended) == [
        "router bgp 64512",
        "no neighbor 10.0.0.3 remote-as 64512",
        "exit",
    ]
    wanted = remediate(ARCHIVE + NEIGHBORS, intended)
    assert wanted.destructive == ("no neighbor 10.0.0.3 remote-as 64512",)


def test_a_neighbor_whose_as_changes_is_not_deleted():
    intended = NEIGHBORS.replace("10.0.0.3 remote-as 64512", "10.0.0.3 remote-as 64513")
    assert lines(NEIGHBORS, intended) == [
        "router bgp 64512",
        "neighbor 10.0.0.3 remote-as 64513",
        "exit",
    ]


def test_an_address_comes_back_after_its_port_moved_to_a_vrf():
    running = "interface Gi0\n ip address 10.0.0.1 255.255.255.0\n"
    intended = "interface Gi0\n vrf forwarding Mgmt\n ip address 10.0.0.1 255.255.255.0\n"
    assert lines(running, intended) == [
        "interface Gi0",
        "vrf forwarding Mgmt",
        "ip address 10.0.0.1 255.255.255.0",
        "exit",
    ]


def test_terminal_lines_are_compared_one_by_one():
    running = "line vty 0 4\n exec-timeout 5 0\nline vty 5 15\n exec-timeout 10 0\n"
    assert lines(running, "line vty 0 15\n exec-timeout 10 0\n") == [
        "line vty 0 4",
        "exec-timeout 10 0",
        "exit",
    ]
    assert lines(running, "line vty 0 4\n exec-timeout 5 0\n") == []


@pytest.mark.parametrize("mark", ["^C", "#", "~"])
def test_a_banner_is_its_text(mark):
    running = "banner login ^C\nStaff only\n! not a comment\n^C\n"
    same = f"banner login {mark}\nStaff only\n! not a comment\n{mark}\n"
    assert lines(running, same) == []
    (line,) = remediate(ARCHIVE + running, "banner login ^Cother\ntext^C\n").lines
    assert line == "banner login ^Cother\ntext^C"


def test_what_the_router_adds_by_itself_is_kept():
    port = "interface Gi1\n no ip address\n negotiation auto\n no mop enabled\n"
    running = f"{port}line con 0\n stopbits 1\n"
    assert lines(running, "interface Gi1\n no shutdown\nline con 0\n exec-timeout 1 0\n") == [
        "line con 0",
        "exec-timeout 1 0",
        "exit",
    ]


def test_the_safety_net_brings_its_archive_and_says_so():
    wanted = remediate("hostname a\n", "hostname b\n")
    assert wanted.prepare[0] == "archive"
    assert "+ archive" in wanted.diff
    assert remediate("hostname a\n" + ARCHIVE, "hostname b\n").prepare == ()
    assert remediate("hostname a\n", "hostname a\n").prepare == ()


def test_frr_sections():
    port = "interface eth1\n ip ospf area 0\n ip ospf cost 5\nexit\n"
    running = f"hostname a\n{port}router ospf\n ospf router-id 1.1.1.1\nexit\n"
    wanted = remediate_frr(running, running.replace("cost 5", "cost 7"))
    assert wanted.lines == ("interface eth1", " ip ospf cost 7", "exit")
    assert remediate_frr(running, running).lines == ()


def test_frr_refuses_what_is_taken_away_twice():
    """Met on FRR 8.4.4: what went with its neighbour or its area can't be negated after it."""
    port = (
        "interface eth1\n ip router isis A\n isis metric 400\n isis network point-to-point\nexit\n"
    )
    wanted = remediate_frr(port, "interface eth1\nexit\n", whole=True)
    assert wanted.lines == ("interface eth1", " no ip router isis A", "exit")
    gone = "\n".join(line for line in NEIGHBORS.splitlines() if "10.0.0.3" not in line)
    assert [line.strip() for line in remediate_frr(NEIGHBORS, gone).lines] == [
        "router bgp 64512",
        "no neighbor 10.0.0.3 remote-as 64512",
        "exit",
    ]
    kept = "service integrated-vtysh-config\nhostname a\n"
    assert remediate_frr(kept, "hostname a\n", whole=True).lines == ()


JUNOS = """\
set version 22.4R3.25
set system host-name a
set system login user day0 class super-user
set system services ssh
set interfaces ge-0/0/0 description "to b"
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/31
set interfaces fxp0 unit 0 family inet address 10.9.0.1/24
set protocols isis interface ge-0/0/0.0 point-to-point
"""


def test_junos_sections():
    intended = """\
set system host-name b
set interfaces ge-0/0/0 description "to c"
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.3/31
"""
    wanted = remediate_junos(JUNOS, intended)
    assert wanted.lines == (
        "delete system host-name a",
        'delete interfaces ge-0/0/0 description "to b"',
        "delete interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/31",
        "set system host-name b",
        'set interfaces ge-0/0/0 description "to c"',
        "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.3/31",
    )
    assert wanted.destructive == ()  # each is set again


def test_junos_destructive_and_not_understood():
    wanted = remediate_junos(JUNOS, "set protocols isis level 1 disable\nprotocols { isis; }\n")
    assert wanted.destructive == ("delete protocols isis interface ge-0/0/0.0",)
    assert wanted.not_understood == ("protocols { isis; }",)
    assert remediate_junos(JUNOS, JUNOS).lines == ()


# A law: nothing is asked of a router that already runs what is intended, whatever its order.
NAMES = st.sampled_from(["Gi1", "Gi2", "Lo0"])
PORT_LINES = st.sampled_from(
    ["description x", "description y", "mtu 9000", "shutdown", "ip address 10.0.0.1 255.255.255.0"]
)
PORTS = st.dictionaries(NAMES, st.lists(PORT_LINES, unique_by=lambda line: line.split()[0]))
TOP = st.lists(
    st.sampled_from(
        ["hostname a", "ntp server 10.0.0.1", "ntp server 10.0.0.2", "no ip http server"]
    ),
    unique=True,
)


def text(top, ports):
    sections = [
        f"interface {name}\n" + "".join(f" {line}\n" for line in below)
        for name, below in ports.items()
    ]
    return "".join(f"{line}\n" for line in top) + "".join(sections)


@given(TOP, PORTS)
def test_equal_configurations_ask_for_nothing(top, ports):
    intended = text(top, ports)
    shuffled = text(reversed(top), {name: ports[name][::-1] for name in reversed(ports)})
    assert remediate(shuffled, intended).lines == ()


@given(TOP, PORTS, TOP, PORTS)
def test_what_is_intended_is_sent_or_already_there(top, ports, other_top, other_ports):
    intended, running = text(top, ports), text(other_top, other_ports)
    wanted = remediate(running, intended)
    have = normalised(running, DIALECT).splitlines()
    sent = [line.rstrip() for line in wanted.lines]
    for line in normalised(intended, DIALECT).splitlines():
        assert line in have or line in sent


SECRETS = {
    "cisco_xe": """\
username a privilege 15 secret 9 $9$HUNTER2
enable secret 5 HUNTER2xx
snmp-server community HUNTER2 ro
 key-string 7 HUNTER2
 neighbor 1.1.1.1 password HUNTER2
""",
    "cisco_xr": """\
 secret 10 $6$HUNTER2
 password 7 HUNTER2
snmp-server community HUNTER2 RO
snmp-server user u g v3 auth sha encrypted HUNTER2 priv aes 128 encrypted HUNTER2
tacacs-server key 7 HUNTER2
  key-string password HUNTER2
  password encrypted HUNTER2
  hello-password hmac-md5 encrypted HUNTER2
   message-digest-key 1 md5 encrypted HUNTER2
""",
    "juniper_junos": """\
set system root-authentication encrypted-password "$6$HUNTER2"
set snmp community HUNTER2 authorization read-only
set protocols isis interface a.0 level 2 hello-authentication-key HUNTER2
set system radius-server 1.1.1.1 secret HUNTER2
""",
    "huawei_vrp": """\
 local-user a password irreversible-cipher $1c$HUNTER2
 local-user a password cipher %^%#HUNTER2%^%#
snmp-agent community read cipher HUNTER2
snmp-agent community write HUNTER2
 peer 10.0.0.2 password simple HUNTER2
 isis authentication-mode md5 cipher HUNTER2
ntp-service authentication-keyid 1 authentication-mode md5 HUNTER2
""",
    "frr": """\
password HUNTER2
enable password 8 HUNTER2
 isis password md5 HUNTER2
 neighbor 1.1.1.1 password HUNTER2
 ip ospf message-digest-key 1 md5 HUNTER2
""",
}


def test_every_platform_redacts_its_secrets():
    from dcctl.executors.evidence import redacted

    for name, sample in SECRETS.items():
        shown = redacted(sample, platforms.get(name))
        assert "HUNTER2" not in shown, (name, shown)
        assert len(shown.splitlines()) == len(sample.splitlines())
