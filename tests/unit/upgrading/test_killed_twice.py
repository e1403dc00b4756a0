"""A controller that dies at the same moment again, or after the proof; and what resumes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dcctl import clock
from dcctl.model.plan import Step
from dcctl.model.status import StepStatus
from tests.unit.upgrading.scene import Scene, scene
from tests.unit.upgrading.test_upgrade_end_to_end import MAKES


class DiedError(BaseException):
    """The process that was at it is no more."""


def dies(one: Scene, step: Step, **when: Any) -> None:
    """It dies once it has written this down, and before it does anything of it."""
    context = one.executor._context
    emit = context.emit

    def heard(kind: str, **data: Any) -> None:
        emit(kind, **data)
        if when.items() <= data.items():
            raise DiedError

    object.__setattr__(context, "emit", heard)
    with pytest.raises(DiedError):
        one.upgrade(step)
    object.__setattr__(context, "emit", emit)
    one.executor.release(one.name)
    one.pass_time(30)


def dies_midway(one: Scene, step: Step, phase: str) -> None:
    """It dies while the element is at what it was told in this phase, and its session with it."""
    context, wait = one.executor._context, one.time.sleep
    emit, at_it = context.emit, []

    def heard(kind: str, **data: Any) -> None:
        emit(kind, **data)
        at_it.extend([phase] if (data.get("phase"), data.get("state")) == (phase, "begun") else [])

    def half(seconds: float) -> None:
        wait(seconds / 2 if at_it else seconds)
        if at_it and seconds > 10:
            raise DiedError

    object.__setattr__(context, "emit", heard)
    one.time.sleep = half  # type: ignore[method-assign]
    with pytest.raises(DiedError):
        one.upgrade(step)
    one.time.sleep = wait  # type: ignore[method-assign]
    object.__setattr__(context, "emit", emit)
    one.executor.release(one.name)
    one.pass_time(1)


def begun(one: Scene, step: Step) -> Step:
    """The step as a resume is handed it."""
    now, then = clock.now(), clock.monotonic()
    told = tuple(
        {**it, "at": (now - timedelta(seconds=then - it["at"])).isoformat()} for it in one.told
    )
    return replace(step, settings={**step.settings, "in_doubt": True, "journalled": told})


@pytest.mark.parametrize(
    ("make", "number"),
    [
        ("juniper_junos", 0),
        *(pytest.param(*it, marks=pytest.mark.slow) for it in (("cisco_xr", 0), ("nokia_sros", 1))),
        pytest.param("huawei_vrp", 1, marks=pytest.mark.slow),  # what the first stage set is seen
    ],
)
def test_a_stage_that_was_begun_twice_is_one_stage(make: str, number: int) -> None:
    """Counted as two it would be passed over, and the old release taken for a failure."""
    with scene(MAKES[make]["host"]) as one:
        step = one.step({})
        for _ in range(2):
            dies(one, begun(one, step) if one.told else step, phase="activate", number=number)
        outcome = one.upgrade(begun(one, step))
        assert outcome.status is StepStatus.CHANGED, str(outcome.message)
        assert len(one.phase("activate")) == number + 3
        assert len(one.when("boot", "down")) == 1
        assert not one.drained


def test_what_was_proved_before_it_died_is_told() -> None:
    """What the vendor leaves to be done by hand would be forgotten."""
    with scene(MAKES["cisco_xr"]["host"]) as one:
        step = one.step({})
        dies(one, step, phase="commit", state="ended")
        outcome = one.upgrade(begun(one, step))
    assert "by hand now: 0/RP0 IOFPGA: NEED UPGD" in str(outcome.message)
    assert outcome.data["gates"]


@pytest.mark.parametrize(
    ("make", "phase"),
    [
        ("cisco_xe", "prepare"),
        pytest.param("cisco_xr", "prepare", marks=pytest.mark.slow),
        pytest.param("juniper_junos", "prepare", marks=pytest.mark.slow),
        pytest.param("huawei_vrp", "activate", marks=pytest.mark.slow),
    ],
)
def test_killed_while_the_element_is_at_it(make: str, phase: str) -> None:
    """Told again at once it refuses, being at it; and some give up with the session that told."""
    with scene(MAKES[make]["host"]) as one:
        step = one.step({})
        dies_midway(one, step, phase)
        outcome = one.upgrade(begun(one, step))
        assert outcome.status is StepStatus.CHANGED, str(outcome.message)
        assert len(one.when("boot", "down")) == 1
        assert not one.drained
