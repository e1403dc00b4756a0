"""Somebody else's lock, or change that waits: a typed end, and nothing is sent but the asking."""

from __future__ import annotations

import pytest

from dcctl import executors, platforms
from dcctl.errors import ConfigurationLocked
from dcctl.executors._device import DeviceSession
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from tests.unit.executors.conftest import wait_for
from tests.unit.executors.test_device_session import config
from tests.unit.platforms import huawei_vrp_pair, sros_estate, switch_estate, xr_estate

CASES = {
    "cisco_xr": (xr_estate.target("xr1"), "domain name north.example\n", "domain name"),
    "nokia_sros": (
        sros_estate.target(sros_estate.NAMES[0]),
        'configure {\n    system {\n        location "north"\n    }\n}\n',
        "/configure system",
    ),
}

# What somebody else left unconfirmed: the target, how and with which lines, a change of ours, and
# what of theirs the refusal names.
WAITING = {
    "arista_eos": (
        switch_estate.target("eos"),
        "configure session night",
        ("dns domain south.example", "commit timer 00:05:00"),
        "dns domain north.example\n",
        "night",
    ),
    "cisco_nxos": (
        switch_estate.target("nexus"),
        "",
        (
            "feature scheduler",
            "scheduler job name dcctl-net",
            "rollback running-config checkpoint dcctl-net",
            "end-job",
            "scheduler schedule name dcctl-net",
            "job name dcctl-net",
            "time start +00:10",
        ),
        "ip domain-name north.example\n",
        "dcctl-net",
    ),
    "cisco_xr": (
        xr_estate.target("xr1"),
        "configure terminal",
        ("domain name south.example", "commit confirmed 300"),
        "domain name north.example\n",
        "Client: commit-confirm",
    ),
    "huawei_vrp": (
        huawei_vrp_pair.target(1),
        "",
        ("clock timezone ICT add 07:00:00", "commit trial 300 persist night"),
        "sysname v9\n",
        "Persist id: night",
    ),
    "nokia_sros": (
        sros_estate.target(sros_estate.NAMES[0]),
        "edit-config private",
        ('/configure system location "south"', "commit confirmed 5"),
        'configure {\n    system {\n        location "north"\n    }\n}\n',
        "commit confirmed in progress",
    ),
}
# What tries all the same, at a device that has no lock to be asked for before.
TRIED = {
    "arista_eos": ("configure session day", ("dns domain north.example", "commit")),
    "huawei_vrp": ("", ("sysname v9", "commit")),
}


@pytest.fixture
def occupied(raise_elements, contexts):
    """Raise a platform's element with a change of somebody's that waits to be confirmed."""
    held = []

    def raising(platform):
        target, enter, lines, *_ = WAITING[platform]
        lab = raise_elements(target)
        theirs = DeviceSession(
            lab.targets[target.name], platforms.get(platform), lab.context(contexts)
        )
        held.append(theirs)
        with theirs.changing():
            theirs.configure(lines, enter=enter, stay=bool(enter))
        return lab

    yield raising
    for session in held:
        session.close()


@pytest.mark.parametrize("platform", sorted(WAITING))
def test_a_change_that_waits_for_somebody_is_left_alone(occupied, contexts, platform):
    target, _, _, text, named = WAITING[platform]
    lab = occupied(platform)
    before = len(lab.commands(target.name))
    executor = executors.build("device_session", lab.context(contexts))
    try:
        (outcome,) = executor.run([config(target, text)], lab.targets)
    finally:
        executor.close()
    assert (outcome.status, outcome.reason) == (StepStatus.NOT_STARTED, NotStarted.LOCKED)
    assert named in str(outcome.message)
    sent = lab.commands(target.name)[before:]
    assert not [one for one in sent if one.startswith(("no ", "abort", "checkpoint"))]
    if platforms.get(platform).change.pending is not None:
        assert "a change that is not ours waits there" in str(outcome.message)
        assert platforms.get(platform).enter not in sent


@pytest.mark.parametrize("platform", sorted(TRIED))
def test_the_answer_of_a_device_that_somebody_holds_is_told_as_that(occupied, contexts, platform):
    target, (enter, lines) = WAITING[platform][0], TRIED[platform]
    lab = occupied(platform)
    ours = DeviceSession(lab.targets[target.name], platforms.get(platform), lab.context(contexts))
    try:
        with ours.changing(), pytest.raises(ConfigurationLocked):
            ours.configure(lines, enter=enter)
    finally:
        ours.close()


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
