"""An exclusive session of somebody else's: a typed end, and nothing is sent but the asking."""

from __future__ import annotations

import pytest

from dcctl import executors, platforms
from dcctl.executors._device import DeviceSession
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from tests.unit.executors.conftest import wait_for
from tests.unit.executors.test_device_session import config
from tests.unit.platforms import sros_estate, xr_estate

CASES = {
    "cisco_xr": (xr_estate.target("xr1"), "domain name north.example\n", "domain name"),
    "nokia_sros": (
        sros_estate.target(sros_estate.NAMES[0]),
        'configure {\n    system {\n        location "north"\n    }\n}\n',
        "/configure system",
    ),
}


@pytest.mark.parametrize("platform", sorted(CASES))
def test_a_configuration_that_somebody_holds_is_left_alone(raise_elements, contexts, platform):
    target, text, line = CASES[platform]
    lab = raise_elements(target)
    context = lab.context(contexts)
    theirs = DeviceSession(lab.targets[target.name], platforms.get(platform), context)
    executor = executors.build("device_session", context)
    try:
        with theirs.changing():
            theirs.configure((), stay=True)
            before = len(lab.commands(target.name))
            (outcome,) = executor.run([config(target, text)], lab.targets)
            assert (outcome.status, outcome.reason) == (StepStatus.NOT_STARTED, NotStarted.LOCKED)
            assert "somebody else holds its configuration" in str(outcome.message)
            sent = lab.commands(target.name)[before:]
            assert not [one for one in sent if one.startswith(("commit", line))]
        theirs.close()

        def free():
            found.extend(executor.run([config(target, text)], lab.targets))
            return found[-1].status is StepStatus.CHANGED

        found: list[Outcome] = []
        wait_for(free)  # a moment passes until the device notices who has gone
    finally:
        executor.close()
        theirs.close()
