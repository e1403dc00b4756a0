"""device_session against real FRR: facts, and changes under the host's timer."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import replace

import pytest

from dcctl import clock, discovery, estate, executors, platforms
from dcctl.contracts import Context
from dcctl.errors import TargetError
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.planning.render import render, template_paths
from dcctl.planning.witnesses import with_witnesses

ROOT = discovery.data_root()
NAMES = ("hl-oob-r1", "hl-oob-r2")

pytestmark = pytest.mark.lab


class Door:
    """An executor on a lab, and what it kept."""

    def __init__(self, site, **options):
        self.blobs = {}
        self.site = site
        self.executor = executors.build(
            "device_session",
            Context(
                run="run",
                shard="shard",
                folder=str(site.root),
                site_root=str(site.root),
                lab=True,
                options={"credentials": site.credentials, "timeouts": {"command": 30}} | options,
                emit=lambda *_, **__: None,
                keep=self.keep,
                cancelled=lambda: False,
            ),
        )

    def keep(self, content, *, target, media_type="text/plain", original=""):
        digest = hashlib.sha256(content.encode()).hexdigest()
        self.blobs[digest] = content
        return digest

    def change(self, name, text, **more):
        step = Step(
            id=f"{name}/config:frr",
            target=name,
            kind=StepKind.CONFIG,
            name="frr",
            executor="device_session",
            changes=True,
            settings={"text": text},
            **more,
        )
        (outcome,) = self.executor.run([step], self.site.targets)
        return outcome

    def running(self, name):
        change = platforms.get("frr").change
        return self.executor.reading(self.site.targets[name], change.running)

    def timer(self, name):
        done = self.site.inside(name, "systemctl", "is-active", "dcctl-revert.timer", check=False)
        return done.stdout.strip()


@pytest.fixture
def routers(raise_lab):
    sample = estate.load(ROOT)
    return raise_lab(*(sample.target(name) for name in NAMES))


@pytest.fixture
def door(routers):
    opened = []

    def opening(**options):
        opened.append(Door(routers, **options))
        return opened[-1]

    yield opening
    for one in opened:
        one.executor.close()


def adjacent(door, name, topic):
    end = clock.monotonic() + 40
    while clock.monotonic() < end:
        reading = door.executor.read(door.site.targets[name], (topic,))[topic]
        assert reading.status in (ReadingStatus.PARSED, ReadingStatus.EMPTY), reading.message
        if reading.status is ReadingStatus.PARSED:
            states = {item.state for item in reading.value.items}
            if states & {"up", "full", "established", "operational"}:
                return reading.value
        time.sleep(0.3)
    pytest.fail(f"{topic} never came up: {reading}")


def test_two_routers_are_built_and_find_each_other(routers, door):
    one = door(safety_net_s=60)
    for name in NAMES:
        text = render(routers.targets[name], template_paths(ROOT))
        outcome = one.change(name, text)
        assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
        assert one.timer(name) == "inactive"
        assert one.change(name, text).status is StepStatus.OK
        saved = routers.inside(name, "cat", "/etc/frr/frr.conf").stdout
        assert f"hostname {name}" in saved
        assert "router isis" in saved
    for topic in ("isis", "ospf", "bgp", "bfd"):
        assert adjacent(one, NAMES[0], topic)
    counts = one.executor.read(routers.targets[NAMES[0]], ("routes", "ldp"))
    assert counts["ldp"].status is ReadingStatus.EMPTY
    told = {item.protocol for item in counts["routes"].value.items if item.count}
    assert {"connected", "static", "ospf"} <= told
    value = adjacent(one, NAMES[0], "isis")
    assert [(item.neighbor, item.level) for item in value.items] == [(NAMES[1], 2)]
    topics = ("version", "interfaces", "management", "lldp", "time_sync", "logging", "optics")
    readings = one.executor.read(routers.targets[NAMES[0]], topics)
    assert readings["optics"].status is ReadingStatus.NO_TEMPLATE
    for topic in ("version", "interfaces", "management", "time_sync", "logging"):
        assert readings[topic].status is ReadingStatus.PARSED, readings[topic].message


LDP = """\
mpls ldp
 router-id {router}
 !
 address-family ipv4
  discovery transport-address {router}
  !
  interface eth1
  exit
  !
 exit-address-family
 !
exit
!
"""


def test_an_ldp_session_is_read(routers, door):
    """Label distribution is no part of the design: it is typed in, read, and goes again."""
    one = door(safety_net_s=60)
    for name in NAMES:
        router = routers.targets[name].intent["routing"]["router_id"]
        outcome = one.change(
            name, render(routers.targets[name], template_paths(ROOT)) + LDP.format(router=router)
        )
        assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    (session,) = adjacent(one, NAMES[0], "ldp").items
    assert session.neighbor == routers.targets[NAMES[1]].intent["routing"]["router_id"]
    assert session.uptime_s < 60
    for name in NAMES:
        routers.inside(name, "vtysh", "-c", "configure terminal", "-c", "no mpls ldp")


def _ports(**changes):
    return lambda one: replace(
        one, interfaces=tuple(replace(port, **changes) for port in one.interfaces)
    )


PLANS = {
    "shut": _ports(enabled=False),
    "OSPF alone": _ports(protocols=("ospf",)),
    "metric": _ports(metric=400),
    "no peer": lambda one: replace(
        one, intent=one.intent | {"routing": one.intent["routing"] | {"bgp_neighbors": []}}
    ),
    "other networks": lambda one: replace(
        one, variables=one.variables | {"announced_networks": ["10.99.0.0/16"]}
    ),
}


@pytest.mark.parametrize("plan", PLANS)
def test_the_law_holds_on_a_real_router(routers, door, plan):
    """Running and its remediation make what is intended; a backup brings the old back whole."""
    name, rules = NAMES[0], platforms.get("frr").change
    one = door(safety_net_s=60)
    target = routers.targets[name]

    def made(wanted):
        session = one.executor.session(target)
        with session.changing():
            rules.apply(session, wanted, 60)
            rules.confirm(session)
        return one.running(name)

    first = rules.remediate(one.running(name), render(target, template_paths(ROOT)))
    before = made(first) if first.lines else one.running(name)
    intended = render(PLANS[plan](target), template_paths(ROOT))
    wanted = rules.remediate(before, intended)
    assert wanted.lines
    after = made(wanted)
    assert rules.remediate(after, intended).lines == ()
    back = rules.replace(after, before)
    assert back.lines
    again = made(back)
    assert sorted(again.splitlines()) == sorted(before.splitlines())
    assert not rules.replace(again, before).diff


def test_a_wrong_line_is_taken_back(routers, door):
    name = NAMES[0]
    one = door(safety_net_s=60)
    before = one.running(name)
    outcome = one.change(name, "ip route 10.9.9.0/24 Null0\nno such statement here\n")
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert one.running(name) == before
    assert one.timer(name) == "inactive"


def test_the_host_takes_an_unconfirmed_change_back(routers, door):
    """Nobody comes to confirm: the timer on the host puts the old configuration back."""
    name = NAMES[0]
    one = door()
    before = one.running(name)
    platform = platforms.get("frr")
    wanted = platform.change.remediate(before, "ip route 10.9.9.0/24 Null0\n")
    session = one.executor.session(routers.targets[name])
    with session.changing():
        platform.change.apply(session, wanted, 4)
    assert "10.9.9.0/24" in one.running(name)
    assert one.timer(name) == "active"
    one.executor.close()
    end = clock.monotonic() + 60
    while clock.monotonic() < end:
        try:
            if one.running(name) == before:
                break
        except TargetError:  # FRR starts again
            time.sleep(0.3)
    assert one.running(name) == before


def test_without_a_shell_account_nothing_is_changed(routers, door):
    network = {k: v for k, v in routers.credentials["lab-network"].items() if k != "shell"}
    one = door(credentials=routers.credentials | {"lab-network": network})
    before = one.running(NAMES[0])
    outcome = one.change(NAMES[0], "ip route 10.9.9.0/24 Null0\n")
    assert outcome.status is StepStatus.FAILED or outcome.status is StepStatus.ERROR
    assert one.running(NAMES[0]) == before


def test_a_peering_that_breaks_is_taken_back_and_comes_back(routers, door):
    """The change is good by the router's own account; only its neighbour sees what it cost."""
    near, far = NAMES
    one = door(safety_net_s=60, approved=["destructive"])
    for name in NAMES:
        text = render(routers.targets[name], template_paths(ROOT))
        assert one.change(name, text).status in (StepStatus.CHANGED, StepStatus.OK)
    adjacent(one, far, "bgp")
    adjacent(one, far, "isis")
    text = render(routers.targets[near], template_paths(ROOT))
    address = routers.targets[far].intent["loopback"].partition("/")[0]
    wrong = re.sub(rf"(neighbor {address} remote-as) \d+", r"\1 64999", text)
    assert wrong != text
    made = with_witnesses(
        Step(
            id=f"{near}/config:frr",
            target=near,
            kind=StepKind.CONFIG,
            name="frr",
            executor="device_session",
            changes=True,
            settings={"text": wrong},
        ),
        routers.targets[near],
        {far: routers.targets[far]},
    )
    (outcome,) = one.executor.run([made], routers.targets)
    assert outcome.status is StepStatus.FAILED
    assert "taken back, the old configuration is there again" in str(outcome.message)
    assert f"{far} bgp" in str(outcome.message)
    assert outcome.data["neighbours"]["before"][f"{far} bgp eth1"] is True
    assert adjacent(one, far, "bgp")
    assert one.change(near, text).status is StepStatus.OK
    assert one.timer(near) == "inactive"
