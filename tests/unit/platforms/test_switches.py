"""EOS and NX-OS held to the simulated ones: what the safety net takes back, and what it leaves."""

from __future__ import annotations

import pytest

from dcctl import clock
from dcctl.errors import CommandFailed, Unparsed
from tests.unit.platforms.law import pair, planned, running, settled
from tests.unit.platforms.switch_estate import NAMES, intended, session

A_MINUTE = 61  # seconds: NX-OS schedules by whole minutes


@pytest.fixture
def watch():
    with clock.use(clock.ManualClock()) as ticking:
        yield ticking


@pytest.fixture
def both(watch):
    return pair(watch, "eos")


def pass_time(both, watch, seconds):
    watch.advance(seconds)
    both.advance()


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
    pass_time(both, watch, 120 + A_MINUTE)
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
    pass_time(both, watch, 120 + A_MINUTE)
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
    pass_time(both, watch, 100 + A_MINUTE)
    assert _shown(running(both, "nexus")) == _shown(before)


@pytest.mark.parametrize("second", [0, 1, 29, 31, 59])
@pytest.mark.parametrize("seconds", [60, 90, 120, 600])
def test_the_rollback_comes_no_sooner_than_it_was_told(both, watch, seconds, second):
    """A change counts on its net for so long; NX-OS counts in whole minutes, so up to one more."""
    now = watch.now()
    pass_time(both, watch, (second - now.second) % 60)
    rules, before = NAMES["nexus"].change, running(both, "nexus")
    rules.apply(session(both, "nexus"), rules.remediate(before, intended("nexus")), seconds)
    pass_time(both, watch, seconds - 5)
    assert "10.255.0.2" in running(both, "nexus")
    pass_time(both, watch, max(seconds, 90) - seconds + 5 + A_MINUTE)
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
