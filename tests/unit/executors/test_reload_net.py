"""Without a net of its own: a planned reload that was approved by itself, nothing, or a refusal."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from dcctl import clock, platforms
from dcctl.errors import CommandFailed
from dcctl.executors._change import GuardedChange
from dcctl.executors._device import DeviceSession
from dcctl.executors._together import carry_out
from dcctl.executors._witnesses import Witnesses
from dcctl.executors.device_session import DeviceSessions
from dcctl.model.status import NotStarted, StepStatus
from tests.unit.executors.test_device_session import config

XE = "p01-pe1"
LINE = "snmp-server location here\n"


class Bare:
    """A router whose platform has no net of its own, and changes of it."""

    def __init__(self, lab, contexts):
        self.lab, self.contexts = lab, contexts
        self.opened = []
        full = platforms.get("cisco_xe")
        self.platform = replace(full, change=replace(full.change, apply=None))

    def session(self, context, *, end=True):
        if end and self.opened:
            self.opened[-1].close()
        self.opened.append(DeviceSession(self.lab.targets[XE], self.platform, context))
        return self.opened[-1]

    def change(self, text, *approved):
        context = self.lab.context(
            self.contexts,
            timeouts={"command": 100, "connect": 10},
            approved=list(approved),
            safety_net_s=120,
        )
        step = config(self.lab.targets[XE], text, predicted=())
        eyes = Witnesses(DeviceSessions(context))
        session = self.session(context)
        (outcome,) = carry_out(
            [
                GuardedChange(
                    step, self.platform, context, session, partial(self.session, context), eyes
                )
            ]
        )
        return outcome

    def running(self):
        context = self.lab.context(self.contexts, timeouts={"command": 100, "connect": 10})
        return self.platform.change.running(self.session(context))


@pytest.fixture
def bare(raise_elements, contexts, monkeypatch):
    monkeypatch.setenv(clock.VARIABLE, "accelerated:10")
    lab = raise_elements(XE)
    with clock.use(clock.AcceleratedClock(10)):
        made = Bare(lab, contexts)
        yield made
        for session in made.opened:
            session.close()


def test_a_device_without_a_net_is_refused_with_what_would_allow_it(bare):
    outcome = bare.change(LINE)
    assert (outcome.status, outcome.reason) == (StepStatus.NOT_STARTED, NotStarted.REFUSED)
    assert not [c for c in bare.lab.commands(XE) if c.startswith(("configure", "reload"))]


def test_without_a_net_it_is_changed_when_that_was_approved(bare):
    outcome = bare.change(LINE, "no_safety_net")
    assert outcome.status is StepStatus.CHANGED, str(outcome.message)
    assert outcome.data["safety_net"] == "none"
    assert not [c for c in bare.lab.commands(XE) if c.startswith("reload")]


def test_a_planned_reload_is_called_off_when_the_change_is_well(bare):
    outcome = bare.change(LINE, "reload")
    assert outcome.status is StepStatus.CHANGED, str(outcome.message)
    assert outcome.data["safety_net"] == "reload"
    sent = bare.lab.commands(XE)
    order = [sent.index(one) for one in ("write memory", "reload in 2", LINE.strip())]
    assert order == sorted(order)
    assert sent.index("reload cancel") < len(sent) - sent[::-1].index("write memory")
    assert "location here" in bare.running()


def test_a_planned_reload_brings_the_saved_configuration_back(bare):
    outcome = bare.change(f"{LINE}interface TenGigabitEthernet9/9/9\n mtu 9000\n", "reload")
    assert outcome.status is StepStatus.FAILED, str(outcome.message)
    assert "taken back, the old configuration is there again" in str(outcome.message)
    assert any(row["kind"] == "boot" for row in bare.lab.log(XE))
    assert "location here" not in bare.running()


@pytest.mark.parametrize(
    ("told", "has"),
    [
        ("%No Rollback Confirmed Change pending", True),
        ("Time configured(or reconfigured): 10:00:00.000 UTC\nTime left: 60 sec", True),
        (CommandFailed("p01-pe1: show archive config rollback timer: ^ % Invalid input"), False),
    ],
)
def test_an_older_release_has_no_timer_and_is_offered_the_reload(told, has):
    """Classic IOS does not know the question; a reload is all that it can be given."""

    class Old:
        def send(self, command):
            assert command == "show archive config rollback timer"
            if isinstance(told, Exception):
                raise told
            return told

    change = platforms.get("cisco_xe").change
    assert change.guarded(Old()) is has
    assert bool(change.pending(Old())) is ("Time" in str(told))


def test_who_may_not_ask_for_the_timer_has_not_said_that_there_is_none():
    class Narrow:
        def send(self, _command):
            raise CommandFailed("p01-pe1: Command authorization failed")

    with pytest.raises(CommandFailed):
        platforms.get("cisco_xe").change.guarded(Narrow())


def test_a_reload_that_a_killed_process_planned_is_sat_out(bare):
    """Else what is about to go would be taken for what is wanted, and left to go."""
    context = bare.lab.context(
        bare.contexts,
        timeouts={"command": 100, "connect": 10},
        approved=["reload"],
        safety_net_s=60,
    )
    step = config(bare.lab.targets[XE], LINE, predicted=())
    eyes = Witnesses(DeviceSessions(context))

    def begun(step):
        again = partial(bare.session, context)
        return GuardedChange(step, bare.platform, context, again(), again, eyes)

    dead = begun(step)
    dead.prepare()
    dead.apply()
    back = begun(replace(step, settings={**step.settings, "in_doubt": True}))
    back.settle(confirmed=False)
    assert any(row["kind"] == "boot" for row in bare.lab.log(XE))
    back.prepare()
    assert not back.idle
