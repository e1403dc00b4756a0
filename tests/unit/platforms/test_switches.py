"""EOS and NX-OS held to the simulated ones: what is sent arrives, and goes back whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from dcctl import clock, discovery
from dcctl.errors import CommandFailed, Unparsed
from dcctl.planning.render import render, template_paths
from tests.unit.platforms.switch_estate import NAMES, intended, network, session, target


def _ports(**changes):
    return lambda one: replace(
        one,
        interfaces=tuple(replace(port, **changes) for port in one.interfaces),
    )


def _routing(**changes):
    return lambda one: replace(
        one, intent=one.intent | {"routing": one.intent["routing"] | changes}
    )


def _variables(**changes):
    return lambda one: replace(one, variables=one.variables | changes)


def _one_port(one):
    return replace(one, interfaces=one.interfaces[:1])


CHANGES = {
    "as planned": lambda one: one,
    "shut": _ports(enabled=False),
    "other address": _ports(address="10.9.0.1/30"),
    "one port less": _one_port,
    "OSPF": _ports(protocols=("ospf", "bfd", "lldp")),
    "no BFD": _ports(protocols=("isis", "lldp")),
    "LDP": _ports(protocols=("isis", "bfd", "lldp", "ldp")),
    "metric": _ports(metric=4000, mtu=1500),
    "no peer": _routing(bgp_neighbors=[]),
    "other peer": _routing(bgp_neighbors=[{"name": "far", "address": "10.255.0.9", "asn": 65009}]),
    "reflector": _variables(bgp_route_reflector=True, announced_networks=["10.71.0.0/16"]),
    "banner": _variables(login_banner="Authorised staff only.\n\nAll is recorded."),
    "other managers": _variables(
        management_networks=["10.66.0.0/16"],
        session_timeout_minutes=25,
        logging_collectors=["10.60.20.19"],
    ),
}


SILENT = ("as planned", "one port less")  # a port that is not spoken of stays


def planned(name, change):
    return render(CHANGES[change](target(name)), template_paths(discovery.data_root()))


@pytest.fixture
def watch():
    with clock.use(clock.ManualClock()) as ticking:
        yield ticking


@pytest.fixture
def both(watch):
    made = network(watch.now().timestamp())
    watch.advance(10)
    made.advance()
    return made


def pass_time(both, watch, seconds):
    watch.advance(seconds)
    both.advance()


def running(both, name):
    return NAMES[name].change.running(session(both, name))


def settled(both, name, text):
    """`name` has `text` for good."""
    change = NAMES[name].change
    wanted = change.remediate(running(both, name), text)
    if wanted.lines:
        change.apply(session(both, name), wanted, 120)
        change.confirm(session(both, name))
        clock.sleep(1)
        both.advance()
    return running(both, name)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_new_switch_becomes_what_is_planned(both, name, change):
    rules, text = NAMES[name].change, planned(name, change)
    wanted = rules.remediate(running(both, name), text)
    assert wanted.lines
    assert wanted.not_understood == ()
    rules.apply(session(both, name), wanted, 120)
    assert rules.remediate(running(both, name), text).diff == ()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_change_arrives_and_a_backup_brings_the_old_back_whole(both, name, change):
    rules = NAMES[name].change
    before = settled(both, name, intended(name))
    after = settled(both, name, planned(name, change))
    assert rules.remediate(after, planned(name, change)).lines == ()
    assert (after != before) == (change not in SILENT)
    back = rules.replace(after, before)
    assert bool(back.lines) == (change not in SILENT)
    if back.lines:
        rules.apply(session(both, name), back, 120)
        rules.confirm(session(both, name))
    assert running(both, name) == before


@pytest.mark.parametrize(("first", "second"), list(pairwise(CHANGES)))
@pytest.mark.parametrize("name", NAMES)
def test_any_goes_over_into_any(both, name, first, second):
    settled(both, name, planned(name, first))
    after = settled(both, name, planned(name, second))
    assert NAMES[name].change.remediate(after, planned(name, second)).lines == ()


@pytest.mark.parametrize("name", NAMES)
def test_what_the_plan_does_not_speak_of_stays(both, name):
    session(both, name).configure(("interface Loopback77", "description ours"))
    after = settled(both, name, intended(name))
    assert "oopback77" in after
    wanted = NAMES[name].change.replace(after, intended(name))
    assert any("oopback77" in line for line in wanted.destructive)


@pytest.mark.parametrize("change", ["as planned", "OSPF", "banner"])
@pytest.mark.parametrize("name", NAMES)
def test_nobody_confirms_and_it_goes_by_itself(both, watch, name, change):
    rules = NAMES[name].change
    before = running(both, name)
    rules.apply(session(both, name), rules.remediate(before, planned(name, change)), 120)
    assert "10.255.0." in running(both, name)
    pass_time(both, watch, 130)
    assert _shown(running(both, name)) == _shown(before)


def _shown(text):
    """Without the scheduler's feature: the safety net's own need is not taken back."""
    return [line for line in text.splitlines() if line != "feature scheduler"]


@pytest.mark.parametrize("name", NAMES)
def test_another_session_confirms_and_nothing_is_left_of_the_net(both, watch, name):
    rules = NAMES[name].change
    rules.apply(session(both, name), rules.remediate(running(both, name), intended(name)), 60)
    rules.confirm(session(both, name))
    rules.confirm(session(both, name))  # once more is no harm
    rules.save(session(both, name))
    pass_time(both, watch, 7200)
    text = running(both, name)
    assert rules.remediate(text, intended(name)).lines == ()
    assert "dcctl-" not in session(both, name).send("show running-config")
    assert "dcctl-" not in session(both, name).send("show startup-config")
    if name == "nexus":
        assert "dcctl-" not in session(both, name).send("show checkpoint summary")


@pytest.mark.parametrize("name", NAMES)
def test_another_session_takes_it_back_and_twice_is_no_harm(both, watch, name):
    rules, before = NAMES[name].change, running(both, name)
    rules.apply(session(both, name), rules.remediate(before, intended(name)), 600)
    for _ in range(2):
        rules.revert(session(both, name))
    assert _shown(running(both, name)) == _shown(before)
    pass_time(both, watch, 1)
    # And what is done next is done under a net of its own.
    rules.apply(session(both, name), rules.remediate(running(both, name), intended(name)), 120)
    pass_time(both, watch, 130)
    assert _shown(running(both, name)) == _shown(before)


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_line_leaves_what_was_there(both, watch, name):
    rules, before = NAMES[name].change, running(both, name)
    wanted = rules.remediate(before, intended(name) + "\nno such line at all\n")
    with pytest.raises(CommandFailed):
        rules.apply(session(both, name), wanted, 60)
    rules.revert(session(both, name))
    pass_time(both, watch, 130)
    assert _shown(running(both, name)) == _shown(before)


@pytest.mark.parametrize("name", NAMES)
def test_half_a_configuration_is_none(both, name):
    class Cut:
        def send(self, command):
            return session(both, name).send(command)[:150]

    with pytest.raises(Unparsed):
        NAMES[name].change.running(Cut())


# --- NX-OS's own net --------------------------------------------------------------------------


def test_the_rollback_is_due_by_the_clock_that_the_change_sets(both, watch):
    """The time zone is seven hours ahead: a rollback due before it was set would be due at once."""
    rules = NAMES["nexus"].change
    before = running(both, "nexus")
    rules.apply(session(both, "nexus"), rules.remediate(before, intended("nexus")), 300)
    pass_time(both, watch, 200)
    assert rules.remediate(running(both, "nexus"), intended("nexus")).lines == ()
    pass_time(both, watch, 110)
    assert _shown(running(both, "nexus")) == _shown(before)


@pytest.mark.parametrize("second", [0, 1, 29, 31, 59])
@pytest.mark.parametrize("seconds", [60, 90, 120, 600])
def test_the_rollback_comes_no_later_than_it_was_told(both, watch, seconds, second):
    now = watch.now()
    pass_time(both, watch, (second - now.second) % 60)
    rules, before = NAMES["nexus"].change, running(both, "nexus")
    rules.apply(session(both, "nexus"), rules.remediate(before, intended("nexus")), seconds)
    pass_time(both, watch, 29)
    assert "10.255.0.2" in running(both, "nexus")
    pass_time(both, watch, max(seconds, 90) - 29)
    assert _shown(running(both, "nexus")) == _shown(before)


def test_a_net_that_was_not_taken_changes_nothing(both):
    """Where the schedule did not come to be, nothing is sent."""
    rules, before = NAMES["nexus"].change, running(both, "nexus")

    class NoScheduler:
        def __init__(self):
            self.session = session(both, "nexus")

        def send(self, command):
            return self.session.send(command)

        def configure(self, lines, **more):
            return self.session.configure(lines if len(lines) == 1 else (), **more)

    with pytest.raises(CommandFailed, match="not scheduled"):
        rules.apply(NoScheduler(), rules.remediate(before, intended("nexus")), 120)
    assert "10.255.0.2" not in running(both, "nexus")
