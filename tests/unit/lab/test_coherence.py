"""Both ends of a link always tell the same story, whatever is done to them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl import clock
from tests.unit.lab.small_network import (
    NAMES,
    PLATFORMS,
    change,
    configuration,
    network,
    ports_of,
    session,
    shut,
)

LINKS = [(name, NAMES[(index + 1) % 4]) for index, name in enumerate(NAMES)]


@pytest.fixture
def time():
    with clock.use(clock.ManualClock()) as manual:
        yield manual


def _view(made, name):
    made.advance()
    return made.view(name)


def _adjacent(made, name):
    return {one.port: one.neighbor for one in _view(made, name).adjacencies}


def test_the_ring_comes_up(time):
    made = network(time.now().timestamp())
    time.advance(5)
    for name in NAMES:
        index = NAMES.index(name)
        forward, back = ports_of(name)
        wanted = {forward: NAMES[(index + 1) % 4], back: NAMES[index - 1]}
        assert _adjacent(made, name) == wanted
        view = _view(made, name)
        assert {one.state for one in view.bgp} == {"established"}
        assert {one.port: one.system for one in view.heard} == wanted
        assert all(one.bfd for one in view.adjacencies)


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_a_shut_interface_takes_everything_at_the_far_end_with_it(time, name):
    made = network(time.now().timestamp())
    time.advance(5)
    far = NAMES[NAMES.index(name) + 1]
    there = ports_of(far)[1]
    assert there in _adjacent(made, far)
    assert _view(made, far).ports[there].rx_dbm > -20

    shut(made, name, ports_of(name)[0])
    time.advance(2)

    view = _view(made, far)
    assert there not in {one.port for one in view.adjacencies}
    assert there not in {one.port for one in view.heard}
    assert not view.ports[there].up
    assert view.ports[there].rx_dbm == -40
    assert view.ports[there].tx_dbm > -20
    # The ring goes round the other way, so no route and no BGP session is lost.
    assert {one.state for one in view.bgp} == {"established"}


def test_the_far_ends_own_command_line_says_so(time):
    made = network(time.now().timestamp())
    time.advance(5)
    one, two = session(made, "r1"), session(made, "r2")
    assert re.search(
        r"^r2 +L2 +Te0/0/0 +10\.0\.1\.1 +UP", one.send("show isis neighbors"), re.MULTILINE
    )
    assert "et-0/0/1.0            r1             2 Up" in two.send("show isis adjacency")

    shut(made, "r2", "et-0/0/1")
    time.advance(2)

    assert "r2" not in one.send("show isis neighbors")
    assert "10.0.1.1" not in one.send("show bfd neighbors")
    assert "r2" not in one.send("show lldp neighbors")
    assert "is up, line protocol is down" not in one.send("show interfaces Te0/0/0")
    assert re.search(r"is down, line protocol is down", one.send("show interfaces Te0/0/0"))
    optics = one.send("show interfaces Te0/0/0 transceiver")
    assert re.search(r"Te0/0/0 +\S+ +\S+ +-[0-2]\.\d +-40\.0", optics)


def test_light_lost_reads_minus_infinity_on_junos(time):
    made = network(time.now().timestamp())
    time.advance(5)
    shut(made, "r1", "TenGigabitEthernet0/0/0")
    text = session(made, "r2").send("show interfaces diagnostics optics et-0/0/1")
    assert text.count("0.0000 mW / - Inf dBm") == 4
    assert text.count("Rx loss of signal alarm                   :  On") == 4


def test_bgp_ends_with_the_last_way_round(time):
    made = network(time.now().timestamp())
    time.advance(5)
    for port in ports_of("r1"):
        shut(made, "r1", port)
    time.advance(2)
    assert {one.state for one in _view(made, "r1").bgp} == {"active"}
    states = {one.address: one.state for one in _view(made, "r3").bgp}
    assert states == {
        "10.255.0.1": "active",
        "10.255.0.2": "established",
        "10.255.0.4": "established",
    }


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("r1", ("interface Te0/0/0", "no ip router isis")),
        ("r1", ("interface Te0/0/0", "ip address 10.9.9.0 255.255.255.254")),
        ("r1", ("no router isis CORE",)),
        ("r1", ("router isis CORE", "net 49.0001.0102.5500.0002.00")),
        ("r1", ("router isis CORE", "is-type level-1")),
        ("r1", ("router isis CORE", "passive-interface TenGigabitEthernet0/0/0")),
        ("r2", ("delete protocols isis interface et-0/0/1.0",)),
        ("r2", ("delete interfaces et-0/0/1 unit 0 family iso",)),
        ("r2", ("set protocols isis interface et-0/0/1.0 passive",)),
        ("r2", ("delete interfaces lo0 unit 0 family iso",)),
    ],
)
def test_an_adjacency_needs_both_configurations(time, name, lines):
    made = network(time.now().timestamp())
    time.advance(5)
    change(made, name, *lines)
    time.advance(2)
    assert ports_of("r1")[0] not in _adjacent(made, "r1")
    assert ports_of("r2")[1] not in _adjacent(made, "r2")
    # The link itself carries on.
    assert _view(made, "r1").ports[ports_of("r1")[0]].up


def test_an_overloaded_router_is_reached_but_not_crossed(time):
    made = network(time.now().timestamp())
    shut(made, "r4", ports_of("r4")[0])  # r4 to r1: the only way from r1 to r3 is over r2
    time.advance(5)
    change(made, "r2", "set protocols isis overload")
    time.advance(3)
    states = {one.address: one.state for one in _view(made, "r1").bgp}
    assert states["10.255.0.2"] == "established"
    assert states["10.255.0.3"] == "active"


def test_a_rebooting_router_is_gone_and_comes_back_as_it_was_saved(time):
    made = network(time.now().timestamp())
    time.advance(5)
    change(made, "r1", "hostname never-saved")
    made.fault("r1", "power_loss", {"seconds": 10})
    time.advance(1)
    assert ports_of("r2")[1] not in _adjacent(made, "r2")
    time.advance(10 + 90 + 5)
    assert _adjacent(made, "r2")[ports_of("r2")[1]] == "r1"
    assert "hostname r1" in session(made, "r1").send("show running-config")


def test_neighbours_that_are_not_played_behave_as_designed(time):
    made = network(time.now().timestamp(), names=("r1",))
    time.advance(5)
    assert _adjacent(made, "r1") == {ports_of("r1")[0]: "r2", ports_of("r1")[1]: "r4"}
    shut(made, "r1", ports_of("r1")[0])
    assert _adjacent(made, "r1") == {ports_of("r1")[1]: "r4"}


ACTION = st.tuples(
    st.sampled_from(["shut", "open", "cut", "clear", "power", "wait"]),
    st.sampled_from(NAMES),
    st.sampled_from([0, 1]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ACTION, max_size=8))
def test_both_ends_agree_whatever_happens(actions):
    with clock.use(clock.ManualClock()) as time:
        made = network(time.now().timestamp())
        time.advance(5)
        disabled: set[tuple[str, str]] = set()
        cut: set[tuple[str, str]] = set()
        for action, name, which in actions:
            port = ports_of(name)[which]
            made.advance()
            if action in ("shut", "open") and made.alive(name):
                # What is not saved would be lost with the power: an IOS XE router is told to save.
                shut(made, name, port, down=action == "shut")
                if PLATFORMS[name] == "cisco_xe":
                    session(made, name).send("write memory")
                (disabled.add if action == "shut" else disabled.discard)((name, port))
            elif action == "cut":
                made.fault(name, "link_down", {"interface": port})
                cut.add((name, port))
            elif action == "clear":
                made.fault(name, "clear", {})
                cut -= {(name, one) for one in ports_of(name)}
            elif action == "power" and made.alive(name):
                made.fault(name, "power_loss", {"seconds": 1})
            elif action == "wait":
                time.advance(200)
            _agree(made, disabled, cut)
            time.advance(2)
            _agree(made, disabled, cut)


def _agree(made, disabled, cut):
    made.advance()
    for one, two in LINKS:
        a, b = ports_of(one)[0], ports_of(two)[1]
        wanted = made.alive(one) and made.alive(two) and not {(one, a), (two, b)} & (disabled | cut)
        here, there = made.view(one), made.view(two)
        assert here.ports[a].up == there.ports[b].up == wanted
        assert (a in {x.port for x in here.adjacencies}) == (
            b in {x.port for x in there.adjacencies}
        )
        assert (a in {x.port for x in here.heard}) == (b in {x.port for x in there.heard})
        if not wanted:
            assert a not in {x.port for x in here.adjacencies}
        dark = (one, a) in cut or (two, b) in cut or (one, a) in disabled or not made.alive(one)
        assert (there.ports[b].rx_dbm == -40) == dark
    for one in NAMES:
        for two in NAMES:
            if one != two:
                assert _session(made, one, two) == _session(made, two, one)


def _session(made, one, two):
    address = f"10.255.0.{NAMES.index(two) + 1}"
    states = {peer.address: peer.state for peer in made.view(one).bgp}
    return states[address] == "established"


def test_the_same_commands_at_the_same_times_give_the_same_bytes():
    def run():
        with clock.use(clock.ManualClock()) as time:
            made = network(time.now().timestamp())
            time.advance(7)
            shut(made, "r3", ports_of("r3")[0])
            time.advance(3)
            shows = ("show running-config", "show interfaces", "show logging", "show version")
            return [session(made, "r3").send(show) for show in shows]

    assert run() == run()


def test_day_zero_has_a_name_an_address_and_nothing_else(time):
    made = network(time.now().timestamp(), configured=False)
    time.advance(10)
    for name in NAMES:
        view = _view(made, name)
        assert not view.adjacencies
        assert not view.bgp
    assert "hostname r1" in session(made, "r1").send("show running-config")
    assert "10.60.1.2/24" in session(made, "r2").send("show configuration | display set")
    # ... and the whole configuration goes on top of it without a complaint.
    change(made, "r1", *configuration("r1").splitlines())
    change(made, "r2", *configuration("r2").splitlines())
    time.advance(2)
    assert ports_of("r1")[0] in _adjacent(made, "r1")
