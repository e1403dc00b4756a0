"""An element whose own door stays shut after its reload is looked at over its console."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl.lab.elements.model import Note
from dcctl.model.status import StepStatus
from dcctl.model.target import Connection
from tests.unit.upgrading.scene import Scene, scene
from tests.unit.upgrading.test_upgrade_end_to_end import MAKES

LINE = Connection(address="192.0.2.1")  # the wire of this process needs none


def behind_a_console(one: Scene) -> None:
    one.target = replace(one.target, console=LINE)


def deaf_from_the_first_boot(one: Scene) -> None:
    """Its SSH does not come back with the new release."""
    heard = one.network.observe  # what writes the scene's notes

    def hear(name: str, time: float, note: Note, session: int) -> None:
        if name == one.name and (note.kind, note.text) == ("boot", "up"):
            one.network.fault(one.name, "service_stopped", {})
        heard(name, time, note, session)

    one.network.observe = hear


def upgraded(one: Scene) -> Any:
    outcome = one.upgrade(one.step({}))
    assert outcome.status is StepStatus.ERROR, str(outcome.message)
    assert one.drained
    assert not one.phase("undrain")
    return outcome


@pytest.mark.parametrize("make", ["cisco_nxos", pytest.param("arista_eos", marks=pytest.mark.slow)])
def test_what_it_runs_is_told(make: str) -> None:
    with scene(MAKES[make]["host"]) as one:
        behind_a_console(one)
        deaf_from_the_first_boot(one)
        outcome = upgraded(one)
        assert outcome.data["console"] == f"it runs {MAKES[make]['new']}"
        assert f"its console: it runs {MAKES[make]['new']}" in str(outcome.message)
        assert one.software.release == MAKES[make]["new"]  # nothing was changed over it


def test_after_its_timer_it_is_looked_at_again() -> None:
    """The net brings the old release back, whatever is deaf; the last look counts."""
    make = MAKES["cisco_xe"]
    with scene(make["host"]) as one:
        behind_a_console(one)
        deaf_from_the_first_boot(one)
        outcome = upgraded(one)
        assert outcome.data["console"] == f"it runs {make['old']}"
        assert one.software.release == make["old"]


def test_nobody_logs_in_on_a_console_while_that_would_end_the_net() -> None:
    make = MAKES["huawei_vrp"]
    with scene(make["host"]) as one:
        behind_a_console(one)
        deaf_from_the_first_boot(one)
        outcome = upgraded(one)
        assert outcome.data["console"] == f"it runs {make['old']}"
        (first, _), (fired,) = one.when("boot", "up"), one.when("net")
        assert not [at for at in one.when("login") if first <= at <= fired]
        assert one.when("login")[-1] > fired


def test_one_that_is_dead_at_its_console_too_says_so() -> None:
    make = MAKES["cisco_nxos"]
    with scene(make["host"]) as one:
        behind_a_console(one)
        one.network.fault(one.name, "never_back", {})
        outcome = upgraded(one)
        assert "its console: p48-pe1 refuses connections" in str(outcome.message)


def test_without_a_console_nothing_is_claimed_of_one() -> None:
    with scene(MAKES["cisco_nxos"]["host"]) as one:
        deaf_from_the_first_boot(one)
        outcome = upgraded(one)
        assert "console" not in outcome.data
        assert "console" not in str(outcome.message)


def test_a_resume_tells_it_too_and_stays_in_doubt() -> None:
    make = MAKES["cisco_nxos"]
    with scene(make["host"]) as one:
        behind_a_console(one)
        step = one.step({})
        doubtful = {**step.settings, "in_doubt": True, "journalled": ()}
        one.network.fault(one.name, "service_stopped", {})
        outcome = one.upgrade(replace(step, settings=doubtful))
        assert outcome.status is StepStatus.UNREACHABLE
        assert f"its console: it runs {make['old']}" in str(outcome.message)
