"""Accelerated time: the same in every process that shares factor and origin."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from dcctl import clock
from dcctl.errors import InvalidInput

_SAY = "from dcctl import clock; print(clock.now().isoformat())"


def test_a_process_started_from_here_tells_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = datetime.now(UTC) - timedelta(hours=2)
    monkeypatch.setenv(clock.VARIABLE, f"accelerated:50@{origin.isoformat()}")
    ours = clock.from_environment()
    told = subprocess.run(
        [sys.executable, "-c", _SAY], capture_output=True, text=True, check=True, env=os.environ
    )
    theirs = datetime.fromisoformat(told.stdout.strip())
    assert ours.now() - origin > timedelta(hours=100)
    assert timedelta(0) <= ours.now() - theirs < timedelta(seconds=50 * 30)


def test_an_origin_that_is_not_given_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, "accelerated:50")
    clock.from_environment()
    kind, _, origin = os.environ[clock.VARIABLE].partition("@")
    assert kind == "accelerated:50"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(origin)) < timedelta(minutes=5)


@pytest.mark.parametrize("told", ["accelerated:", "accelerated:x", "accelerated:9@soon", "slow:2"])
def test_what_is_no_clock_is_said(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv(clock.VARIABLE, told)
    with pytest.raises(InvalidInput, match="DCCTL_CLOCK"):
        clock.from_environment()
