"""Trying again, ever more patiently: a device that refuses our login may lock the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PAUSE, _LONGEST_PAUSE = 2.0, 15.0  # seconds


def attempts(seconds: float, cancelled: Callable[[], bool]) -> Iterator[None]:
    """One attempt at least; no more when `seconds` are over or the run was cancelled."""
    deadline, pause = clock.monotonic() + seconds, _PAUSE
    while True:
        yield
        if clock.monotonic() > deadline or cancelled():
            return
        clock.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
