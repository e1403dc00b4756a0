"""EOS and NX-OS: configurations as text, and what turns one into another."""

from __future__ import annotations

import pytest

from dcctl import clock
from dcctl.errors import CommandFailed
from dcctl.platforms.arista_eos._change import remediate as eos
from dcctl.platforms.cisco_nxos._change import _due
from dcctl.platforms.cisco_nxos._change import remediate as nxos
from tests.unit.platforms.switch_estate import NAMES, network, session

HEAD = "version 9.3(8)\nhostname n\nfeature scheduler\n"

# What releases write differently, and means the same.
SAME = {
    "one line a neighbour": (
        "router bgp 64512\n  neighbor 10.0.0.1 remote-as 65001\n    description far\n",
        "router bgp 64512\n  neighbor 10.0.0.1\n    remote-as 65001\n    description far\n",
    ),
    "in a VRF": (
        "router bgp 1\n  vrf green\n    neighbor 10.0.0.1 remote-as 65001\n",
        "router bgp 1\n  vrf green\n    neighbor 10.0.0.1\n      remote-as 65001\n",
    ),
    "a collector's defaults": (
        "logging server 10.0.0.1 6 use-vrf default facility local7\n",
        "logging server 10.0.0.1 6\n",
    ),
    "a server's VRF": ("ntp server 10.0.0.1 use-vrf default\n", "ntp server 10.0.0.1\n"),
    "spaces": (
        "username a password 5 $5$x  role network-admin\n",
        "username a password 5 $5$x role network-admin\n",
    ),
    "what it keeps of a password": (
        "username a password 5 $5$x role r\nusername a passphrase  lifetime 99999\n",
        "username a password 5 $5$x role r\n",
    ),
    "a feature that is off": ("", "no feature telnet\n"),
    "a routed port is shut": (
        "interface Ethernet1/1\n  no switchport\n",
        "interface Ethernet1/1\n  no switchport\n  shutdown\n",
    ),
    "a switched one is not": (
        "interface Ethernet1/1\n  description x\n",
        "interface Ethernet1/1\n  description x\n  no shutdown\n",
    ),
    "an area": (
        "interface Ethernet1/1\n  no switchport\n  ip router ospf 1 area 0.0.1.0\n",
        "interface Ethernet1/1\n  no switchport\n  ip router ospf 1 area 256\n",
    ),
    "a banner's mark": ("banner motd #Hello\nyou#\n", "banner motd ^Hello\nyou^\n"),
    "the net itself": (
        (
            "scheduler job name dcctl-net\n  rollback running-config checkpoint dcctl-net\n"
            "end-job\nscheduler schedule name dcctl-net\n  job name dcctl-net\n"
            "  time start 2026:01:01:00:01\n"
        ),
        "",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_in_other_words_is_no_difference(case):
    one, other = SAME[case]
    assert nxos(HEAD + one, HEAD + other).lines == ()
    assert nxos(HEAD + one, HEAD + other, whole=True).lines == ()


# running, intended, what is sent
SENT = {
    "a port becomes a router's, shut": (
        "interface Ethernet1/1\n  switchport access vlan 7\n",
        "interface Ethernet1/1\n  no switchport\n  ip address 10.0.0.1/31\n",
        [
            "interface Ethernet1/1",
            " no switchport",
            " ip address 10.0.0.1/31",
            " no switchport access vlan 7",
            " shutdown",
            "exit",
        ],
    ),
    "and a switch's again": (
        "interface Ethernet1/1\n  no switchport\n  no shutdown\n",
        "interface Ethernet1/1\n  switchport mode trunk\n",
        [
            "interface Ethernet1/1",
            " switchport",
            " switchport mode trunk",
            " no shutdown",
            "exit",
        ],
    ),
    "features first": (
        "",
        (
            "mpls ldp configuration\n  router-id Lo0\nfeature mpls ldp\nfeature-set mpls\n"
            "install feature-set mpls\n"
        ),
        [
            "install feature-set mpls",
            "feature-set mpls",
            "feature mpls ldp",
            "mpls ldp configuration",
            " router-id Lo0",
            "exit",
        ],
    ),
    "a feature last": (
        "feature telnet\nip domain-name a\n",
        "no feature telnet\nip domain-name b\n",
        ["ip domain-name b", "no feature telnet"],
    ),
    "another VRF takes what stands on a port": (
        (
            "interface mgmt0\n  vrf member management\n  ip address 10.0.0.1/24\n  mtu 1400\n"
            "  no ip redirects\n  ip address 10.8.0.1/24 secondary\n"
        ),
        "interface mgmt0\n  vrf member oob\n  ip address 10.0.0.1/24\n  no ip redirects\n",
        [
            "interface mgmt0",
            " vrf member oob",
            " ip address 10.0.0.1/24",
            " no ip redirects",
            " no mtu 1400",
            "exit",
        ],
    ),
}


@pytest.mark.parametrize("case", SENT)
def test_what_is_sent(case):
    running, intended, lines = SENT[case]
    assert list(nxos(HEAD + running, intended).lines) == lines


def test_the_scheduler_comes_first_where_it_is_off():
    running = HEAD.replace("feature scheduler\n", "")
    wanted = nxos(running, "ip domain-name b\n")
    assert wanted.prepare == ("feature scheduler",)
    assert "+ feature scheduler" in wanted.diff
    assert nxos(HEAD, "ip domain-name b\n").prepare == ()
    assert nxos(running, "hostname n\n").prepare == ()  # nothing to change, nothing to prepare


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("banner login\nHello\nyou\nEOF\n", "banner login\nHello\nyou\nEOF\n"),
        (
            "interface Ethernet1\n   ip ospf area 0.0.0.0\n",
            "interface Ethernet1\n   ip ospf area 0\n",
        ),
        ("! boot system flash:EOS.swi\n", "! boot system flash:EOS2.swi\n"),
    ],
)
def test_the_same_on_eos(one, other):
    assert eos(f"hostname e\n{one}end\n", f"hostname e\n{other}end\n").lines == ()


def test_a_neighbour_of_eos_goes_whole_and_first_from_its_families():
    running = (
        "router bgp 1\n   neighbor 10.0.0.1 remote-as 2\n   neighbor 10.0.0.1 description x\n"
        "   neighbor 10.0.0.9 remote-as 2\n   address-family ipv4\n"
        "      neighbor 10.0.0.1 activate\n      neighbor 10.0.0.9 activate\n"
    )
    intended = (
        "router bgp 1\n   neighbor 10.0.0.9 remote-as 2\n   address-family ipv4\n"
        "      neighbor 10.0.0.9 activate\n"
    )
    wanted = eos(running, intended)
    assert list(wanted.lines) == [
        "router bgp 1",
        " address-family ipv4",
        "  no neighbor 10.0.0.1 activate",
        " exit",
        " no neighbor 10.0.0.1",
        "exit",
    ]
    assert " no neighbor 10.0.0.1" in {f" {line.strip()}" for line in wanted.destructive}


CLOCKS = {
    "18:57:38.347 UTC Mon Oct 19 2015\nTime source is NTP\n": "2015-10-19 19:00",
    "18:57:29.000 ICT Mon Oct 19 2015\n": "2015-10-19 19:00",
    "23:59:10.001 EST Thu Dec 31 2026\n": "2027-01-01 00:02",
    "00:00:00.000 UTC Fri Feb  9 2024\n": "2024-02-09 00:02",
    "00:00:00.250 UTC Fri Feb  9 2024\n": "2024-02-09 00:03",
    "00:00:00 UTC Fri Feb  9 2024\n": "2024-02-09 00:02",
}


@pytest.mark.parametrize("text", CLOCKS)
def test_when_the_rollback_is_due(text):
    assert f"{_due(text, 120):%Y-%m-%d %H:%M}" == CLOCKS[text]


@pytest.fixture
def nexus():
    with clock.use(clock.ManualClock()) as watch:
        made = network(watch.now().timestamp())
        watch.advance(10)
        made.advance()
        yield session(made, "nexus")


def test_without_the_scheduler_nothing_waits(nexus):
    rules = NAMES["nexus"].change
    rules.confirm(nexus)
    rules.revert(nexus)
    with pytest.raises(CommandFailed):
        nexus.send("show scheduler schedule")


def test_who_may_not_look_has_not_confirmed(nexus):
    class Narrow:
        def send(self, command):
            raise CommandFailed("% Permission denied for the role")

    with pytest.raises(CommandFailed):
        NAMES["nexus"].change.confirm(Narrow())


@pytest.mark.parametrize("lost", ["time start", "job name", "scheduler schedule"])
def test_a_net_that_would_not_fall_holds_the_change_back(nexus, lost):
    """The switch takes the lines, and one of them is not there afterwards."""
    rules = NAMES["nexus"].change

    class Forgetful:
        def send(self, command):
            return nexus.send(command)

        def configure(self, lines, **more):
            kept = [line for line in lines if not line.startswith(lost)]
            if lost == "scheduler schedule":
                kept = [line for line in kept if not line.startswith(("time", "job"))]
            return nexus.configure(kept, **more)

    wanted = rules.remediate(rules.running(nexus), "ip domain-name never.example\n")
    with pytest.raises(CommandFailed, match="not scheduled"):
        rules.apply(Forgetful(), wanted, 120)
    assert "never.example" not in rules.running(nexus)
