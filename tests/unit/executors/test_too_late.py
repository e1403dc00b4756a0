"""A net that was faster than the confirmation: a device with nothing left to confirm says nothing.

What the device does when its time is over is done to it just before the confirmation arrives.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import pytest

from dcctl import clock, platforms
from dcctl.executors._change import GuardedChange
from dcctl.executors._device import DeviceSession
from dcctl.executors._together import carry_out
from dcctl.executors._witnesses import Witnesses
from dcctl.executors.device_session import DeviceSessions
from dcctl.model.status import StepStatus
from tests.unit.executors.test_device_session import config
from tests.unit.platforms.switch_estate import target

TARGETS = {"eos": target("eos"), "nexus": target("nexus"), "p01-pe1": "p01-pe1"}
SAVES = ("write memory", "copy running-config startup-config")


@pytest.mark.parametrize("name", TARGETS)
def test_what_went_back_before_it_was_confirmed_is_not_called_changed(
    raise_elements, contexts, name
):
    lab = raise_elements(TARGETS[name])
    one = lab.targets[name]
    full = platforms.get(one.platform)

    def late(session):
        full.change.revert(session)
        full.change.confirm(session)

    platform = replace(full, change=replace(full.change, confirm=late))
    outcome, running = changed(lab, contexts, one, platform)
    assert outcome.status is StepStatus.FAILED, str(outcome.message)
    assert "took the change back before it was confirmed" in str(outcome.message)
    assert "the old configuration is there again" in str(outcome.message)
    assert f"hostname {name}-b" not in running
    assert not [line for line in lab.commands(name) if line in SAVES]


class Later(clock.SystemClock):
    """A minute and a second later."""

    def monotonic(self):
        return super().monotonic() + 61


def test_what_went_back_before_it_was_proved_is_not_blamed_on_the_lines(raise_elements, contexts):
    """All lines of the change differ then: whoever reads the first of them looks at the wrong."""
    lab = raise_elements(TARGETS["nexus"])
    one = lab.targets["nexus"]
    full = platforms.get(one.platform)
    with ExitStack() as until_the_end:

        def slow(session, wanted, seconds):
            full.change.apply(session, wanted, seconds)
            full.change.revert(session)
            until_the_end.enter_context(clock.use(Later()))

        platform = replace(full, change=replace(full.change, apply=slow))
        outcome, running = changed(lab, contexts, one, platform)
    assert outcome.status is StepStatus.FAILED, str(outcome.message)
    assert "took longer than its safety net holds" in str(outcome.message)
    assert "hostname nexus-b" not in running


def changed(lab, contexts, one, platform):
    """The outcome of another name, and what runs then."""
    context = lab.context(contexts, timeouts={"command": 60, "connect": 10}, safety_net_s=60)
    opened = [DeviceSession(one, platform, context)]

    def again(*, end=True):
        if end:
            opened[-1].close()
        opened.append(DeviceSession(one, platform, context))
        return opened[-1]

    eyes = Witnesses(DeviceSessions(context))
    step = config(one, f"hostname {one.name}-b\n")
    try:
        (outcome,) = carry_out([GuardedChange(step, platform, context, opened[-1], again, eyes)])
        return outcome, platform.change.running(again())
    finally:
        for session in opened:
            session.close()
