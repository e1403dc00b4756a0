"""A real pair is upgraded by a campaign while a ping crosses it: nothing of it may be lost."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dcctl import clock, lab, platforms
from dcctl.contracts import Remediation
from dcctl.model.status import StepStatus
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, ImageFile
from dcctl.workflows.services import LAB_FOLDER
from tests.faults.planting import door
from tests.lab.conftest import need_root
from tests.lab.frr_pair import EAST, PAIR, WEST, Pair, leaning, raise_pair
from tests.lab.test_hosts import eventually

pytestmark = [pytest.mark.lab, pytest.mark.slow]

UPGRADE, CHANGE = platforms.get("frr").upgrade, platforms.get("frr").change
MINUTE = 60 * 45  # packets that a minute of ping has at the least


@pytest.fixture(scope="module")
def raised_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    need_root()
    root = tmp_path_factory.mktemp("pair")
    try:
        yield raise_pair(root)
    finally:
        lab.down(root / LAB_FOLDER)


@pytest.fixture
def pair(raised_pair: Pair) -> Pair:
    """All as it was designed, whatever the test before left."""
    raised_pair.lay(raised_pair.rendered("blue", leaning))
    raised_pair.settled()
    return raised_pair


def as_designed(pair: Pair, generation: str) -> None:
    """The routers themselves: what runs, no drain left, no timer, everybody up, both carry."""
    for name in PAIR:
        assert pair.generation(name) == generation
        assert pair.drained(name) == []
        assert pair.timer(name) == "inactive"
    pair.settled()


def test_a_pair_is_upgraded_and_the_ping_across_loses_nothing(pair: Pair) -> None:
    pair.stage("green")
    before = {name: pair.started(name) for name in PAIR}
    with pair.across() as ping:
        assert all(pair.carries(name) for name in PAIR)
        done = pair.dcctl("upgrade", "run", pair.planned())
        assert done.returncode == 0, done.stdout + done.stderr
        as_designed(pair, "green")
        assert all(pair.carries(name) for name in PAIR)
    assert ping.sent > MINUTE
    assert ping.lost == 0
    assert all(pair.started(name) > before[name] for name in PAIR)
    assert {one.status for one in pair.outcomes().values()} == {StepStatus.CHANGED}
    # A second campaign has nothing to do: what runs is told by the generation's own name.
    assert pair.dcctl("upgrade", "plan", "--limit", "pair-*").returncode == 0


def test_without_the_drain_the_same_upgrade_loses_packets(pair: Pair) -> None:
    """The control: IS-IS says no goodbye, and the ping sees a router that restarts under it."""
    pair.stage("green")
    with pair.across() as ping:
        done = pair.dcctl("upgrade", "run", pair.planned("--no-drain", limit="pair-a"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ping.lost > 0
    assert pair.generation("pair-a") == "green"


LOSES = {
    "an adjacency": (" ip router isis PAIR\n", "", "isis"),
    "a peering": (
        " neighbor 10.255.0.1 remote-as 64520\n",
        " neighbor 10.255.0.1 remote-as 64999\n",
        "bgp",
    ),
}


@pytest.mark.parametrize("what", LOSES)
def test_a_generation_that_loses_something_is_taken_back(pair: Pair, what: str) -> None:
    line, instead, topic = LOSES[what]

    def worse(name: str, text: str) -> str:
        assert line in text
        return text.replace(line, instead, 1) if name == "pair-a" else text

    pair.stage("bad", worse)
    before = {name: pair.started(name) for name in PAIR}
    with pair.across() as ping:
        done = pair.dcctl("upgrade", "run", pair.planned())
        as_designed(pair, "blue")
    assert ping.sent > MINUTE
    assert ping.lost == 0
    assert done.returncode == 3, done.stdout + done.stderr
    assert pair.started("pair-a") > before["pair-a"]
    assert pair.started("pair-b") == before["pair-b"]  # its turn never came
    outcomes = pair.outcomes()
    assert outcomes["pair-a"].status is StepStatus.FAILED
    assert "taken back, blue runs again" in str(outcomes["pair-a"].message)
    assert topic in str(outcomes["pair-a"].message)
    assert outcomes["pair-b"].status is StepStatus.NOT_STARTED


def test_the_timer_takes_it_back_when_nobody_is_there_any_more(pair: Pair) -> None:
    """The controller dies after the restart: no word comes, and the host acts by itself."""
    name = PAIR[0]
    pair.stage("green")
    target = pair.targets[name]
    file = ImageFile(name=f"{name}-green.conf", size=1, sha512=hashlib.sha512().hexdigest())
    image = Image(name="green", platform="frr", version="green", files=(file,))
    executor = door(pair.root)
    with pair.across() as ping:
        session = executor.session(target)
        with session.changing():
            lead(session, UPGRADE.drain(target))
            eventually(lambda: not pair.carries(name), seconds=30)
            (stage,) = UPGRADE.stages(session, image)
            stage.act(session, image, 30)
        executor.close()
        assert pair.timer(name) == "active"
        assert pair.generation(name) == "green"
        eventually(lambda: pair.timer(name) == "inactive", seconds=60)
        eventually(lambda: pair.generation(name) == "blue", seconds=30)
        assert pair.drained(name)  # traffic comes back when somebody has looked, and not before
        assert not pair.carries(name)
        executor = door(pair.root)
        session = executor.session(target)
        with session.changing():
            lead(session, UPGRADE.undrain(target))
        executor.close()
        as_designed(pair, "blue")
    assert ping.lost == 0


def lead(session, lines) -> None:
    """Drain or undrain, confirmed and saved, as the machine does it."""
    CHANGE.apply(session, Remediation(lines=tuple(lines), diff=()), 60)
    CHANGE.confirm(session)
    CHANGE.save(session)


def speaking(*protocols: str):
    """Links that speak these; no BGP unless that is one of them. All protocols have one metric."""

    def change(target: Target) -> Target:
        ports = tuple(
            replace(port, protocols=(*protocols, "bfd"), area="0") if port.link else port
            for port in target.interfaces
        )
        routing = target.intent["routing"]
        routing = routing if "bgp" in protocols else {**routing, "bgp_neighbors": []}
        return replace(target, interfaces=ports, intent={**target.intent, "routing": routing})

    return change


@pytest.mark.parametrize("protocol", ["isis", "ospf"])
def test_each_interior_drain_alone_moves_traffic(raised_pair: Pair, protocol: str) -> None:
    pair, change, executor = raised_pair, speaking(protocol), door(raised_pair.root)
    pair.lay(pair.rendered("blue", lambda target: change(leaning(target))))
    eventually(lambda: all("via" in pair.route(*way) for way in WAYS), seconds=60)
    try:
        with pair.across() as ping:
            for name in PAIR:
                eventually(lambda n=name: pair.carries(n), seconds=30)
            for name, lines in itertools.product(PAIR, (UPGRADE.drain, UPGRADE.undrain)):
                session = executor.session(pair.targets[name])
                with session.changing():
                    lead(session, lines(change(pair.targets[name])))
                led_round = lines is UPGRADE.drain
                eventually(lambda n=name, r=led_round: pair.carries(n) is not r, seconds=30)
        assert ping.lost == 0
    finally:
        executor.close()


WAYS = ((WEST, "10.255.0.4"), (EAST, "10.255.0.1"))
SHARED = "10.99.0.1"


def test_bgps_drain_moves_what_both_of_the_pair_announce(raised_pair: Pair) -> None:
    """Graceful shutdown inside one network: the other's path is preferred, and nothing is lost."""
    pair, executor = raised_pair, door(raised_pair.root)

    def announcing(target: Target) -> Target:
        own = ["10.99.0.0/24"] if target.name in PAIR else []
        target = leaning(target, 15)  # pair-a is nearer, and either is reached directly
        return replace(target, variables={**target.variables, "announced_networks": own})

    pair.lay(pair.rendered("blue", announcing))
    for name in PAIR:
        # Not on the loopback, which IS-IS tells of.
        pair.inside(name, "ip", "link", "add", "shared", "type", "bridge")
        pair.inside(name, "ip", "address", "add", f"{SHARED}/32", "dev", "shared")
        pair.inside(name, "ip", "link", "set", "shared", "up")
    try:
        eventually(lambda: "10.249.1.1" in pair.route(WEST, SHARED), seconds=90)
        only_bgp = speaking("bgp")(pair.targets["pair-a"])
        with pair.across(SHARED) as ping:
            for lines, by in ((UPGRADE.drain, "10.249.1.3"), (UPGRADE.undrain, "10.249.1.1")):
                session = executor.session(pair.targets["pair-a"])
                with session.changing():
                    lead(session, lines(only_bgp))
                eventually(lambda b=by: b in pair.route(WEST, SHARED), seconds=30)
                clock.sleep(1.0)
        assert ping.lost == 0
    finally:
        executor.close()
        for name in PAIR:
            pair.inside(name, "ip", "link", "del", "shared", check=False)
