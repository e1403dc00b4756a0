"""What a neighbour's readings say of a target: never more than they do."""

from __future__ import annotations

import pytest

from dcctl.executors._sightings import sightings
from dcctl.executors._wanted import sections
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.model.outcome import Reading
from dcctl.model.status import ReadingStatus

VIEW = {"name": "p01-pe1", "interface": "xe-0/0/0", "addresses": ["10.0.0.0", "10.255.1.1"]}


def port(up, name="xe-0/0/0"):
    return Interfaces(items=(Interface(name=name, admin_up=True, oper_up=up),))


def isis(state, name="xe-0/0/0.0"):
    return IsisAdjacencies(items=(IsisAdjacency(interface=name, neighbor="p01-pe1", state=state),))


def ospf(state, name="xe-0/0/0.0", address=""):
    one = OspfNeighbor(interface=name, neighbor="1.1.1.1", state=state, address=address)
    return OspfNeighbors(items=(one,))


def bgp(*states, neighbor="10.255.1.1"):
    return BgpPeers(
        items=tuple(BgpPeer(neighbor=neighbor, remote_as=1, state=state) for state in states)
    )


def bfd(state, neighbor="10.0.0.0", interface=""):
    return BfdSessions(items=(BfdSession(neighbor=neighbor, state=state, interface=interface),))


def lldp(system, name="xe-0/0/0"):
    return LldpNeighbors(items=(LldpNeighbor(interface=name, system=system, port="x"),))


CASES = [
    ("interfaces", port(up=True), True),
    ("interfaces", port(up=False), False),
    ("interfaces", port(up=True, name="xe-0/0/0.0"), False),  # a unit on it is not the light
    ("interfaces", port(up=True, name="xe-0/0/01"), False),
    ("isis", isis("up"), True),
    ("isis", isis("init"), False),
    ("isis", isis("up", "xe-0/0/10.0"), False),
    ("ospf", ospf("full"), True),
    ("ospf", ospf("full", "other", "10.0.0.0"), True),
    ("ospf", ospf("2way"), False),
    ("bgp", bgp("established"), True),
    ("bgp", bgp("established", "idle"), False),
    ("bgp", bgp("established", neighbor="10.255.1.10"), False),
    ("bfd", bfd("up"), True),
    ("bfd", bfd("up", "10.9.9.9", "xe-0/0/0.0"), True),
    ("bfd", bfd("up", "10.9.9.9"), False),
    ("bfd", bfd("admin_down"), False),
    ("lldp", lldp("P01-PE1.hoalac.example"), True),
    ("lldp", lldp("p01-pe10"), False),
]


@pytest.mark.parametrize(("topic", "value", "holds"), CASES)
def test_what_holds(topic, value, holds):
    reading = Reading(topic=topic, status=ReadingStatus.PARSED, value=value)
    assert sightings({**VIEW, "wants": [topic]}, {topic: reading}) == {topic: holds}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (ReadingStatus.EMPTY, {"isis": False}),
        (ReadingStatus.ERROR, {"isis": None}),
        (ReadingStatus.UNREACHABLE, {"isis": None}),
        (ReadingStatus.NO_TEMPLATE, {}),
    ],
)
def test_what_can_not_be_told_is_not_there(status, told):
    view = {**VIEW, "wants": ["isis"]}
    assert sightings(view, {"isis": Reading(topic="isis", status=status)}) == told
    assert sightings(view, {}) == {"isis": None}


def test_a_diff_stands_under_its_sections():
    diff = (
        "- ntp server 10.0.0.1",
        "+ interface Gi1",
        "+  mtu 9000",
        "  router isis A",
        "+  is-type level-2-only",
        "+ ntp server 10.0.0.2",
        "+ set protocols isis level 1 disable",
    )
    assert sections(diff) == [
        ("ntp", (diff[0], diff[5])),
        ("interface Gi1", diff[1:3]),
        ("router isis A", diff[3:5]),
        ("protocols isis", diff[6:]),
    ]
