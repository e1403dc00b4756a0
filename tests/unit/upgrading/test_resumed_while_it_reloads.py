"""A resume that comes while the element goes down waits for it: it was told to by the dead one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dcctl import clock
from dcctl.model.plan import Step
from dcctl.model.status import StepStatus
from tests.unit.upgrading.scene import Scene, scene
from tests.unit.upgrading.test_upgrade_end_to_end import MAKES


class DiedError(BaseException):
    """The process that was at it is no more."""


def dies_before_it_reloads(one: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies once its element has activated the release, which reloads it soon."""
    sleep = one.time.sleep

    def asleep(seconds: float) -> None:
        sleep(seconds)
        one.network.advance()
        if one.when("activate"):
            monkeypatch.undo()
            raise DiedError

    monkeypatch.setattr(one.time, "sleep", asleep)


def in_doubt(one: Scene, step: Step) -> Step:
    """The step as a resume is handed it."""
    now, then = clock.now(), clock.monotonic()
    told = tuple(
        {**it, "at": (now - timedelta(seconds=then - it["at"])).isoformat()} for it in one.told
    )
    return replace(step, settings={**step.settings, "in_doubt": True, "journalled": told})


def test_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene(MAKES["cisco_xr"]["host"]) as one:
        step = one.step({})
        dies_before_it_reloads(one, monkeypatch)
        with pytest.raises(DiedError):
            one.upgrade(step)
        assert not one.when("boot")
        one.executor.release(one.name)
        one.pass_time(5)  # it goes down ten seconds after it was activated
        outcome = one.upgrade(in_doubt(one, step))
        assert (outcome.status, len(one.when("boot", "up"))) == (StepStatus.CHANGED, 1), outcome
        assert (one.drained, one.saved) == (False, True)
