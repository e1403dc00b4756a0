"""The only source of time: real, accelerated (rehearsals), or moved by hand (tests).

Everything else asks here, so that a soak of ten minutes can be rehearsed in a second and a test
needs no sleep.
Worker processes inherit the acceleration through the environment (`DCCTL_CLOCK=accelerated:60`).
Give an origin (`accelerated:60@2026-11-22T20:00:00+00:00`) to commands that follow each other.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from dcctl.errors import InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "DCCTL_CLOCK"


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> datetime:
        """Wall time, always UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow, for timeouts."""

    def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock."""


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


class AcceleratedClock:
    """Time that runs `factor` times faster than real time, from `origin` on (default: now).

    Processes that share factor and origin tell the same time.
    """

    def __init__(self, factor: float, origin: datetime | None = None) -> None:
        if not factor > 0:
            raise InvalidInput(
                N_("a clock's acceleration must be over 0, not {factor}"), factor=factor
            )
        self.factor = factor
        self.origin = origin or datetime.now(UTC)
        self._ahead = (datetime.now(UTC) - self.origin) * (factor - 1)
        self._wall = datetime.now(UTC) + self._ahead
        self._start = time.monotonic()

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic() - self._start)

    def monotonic(self) -> float:
        return self._start + (time.monotonic() - self._start) * self.factor

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds / self.factor))


class ManualClock:
    """Time that moves only when somebody sleeps or advances it; safe across threads."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 1, 1, tzinfo=UTC)
        self._elapsed = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        with self._lock:
            return self._elapsed

    def sleep(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Move the time forward."""
        with self._lock:
            self._elapsed += seconds


def from_environment() -> Clock:
    """The clock that `DCCTL_CLOCK` names: `system` (default) or `accelerated:FACTOR[@ORIGIN]`.

    An origin that is not given is now, and is put there, so that processes which are started from
    here tell the same time.
    """
    chosen = os.environ.get(VARIABLE, "system")
    kind, _, told = chosen.partition(":")
    if kind == "system":
        return SystemClock()
    factor, _, origin = told.partition("@")
    if kind == "accelerated":
        try:
            made = AcceleratedClock(
                float(factor), datetime.fromisoformat(origin).astimezone(UTC) if origin else None
            )
        except ValueError as error:
            raise _unknown(chosen) from error
        os.environ[VARIABLE] = f"accelerated:{factor}@{made.origin.isoformat()}"
        return made
    raise _unknown(chosen)


def _unknown(chosen: str) -> InvalidInput:
    return InvalidInput(
        N_("DCCTL_CLOCK is {value}; want system or accelerated:FACTOR[@ORIGIN]"), value=chosen
    )


_current: Clock | None = None


def current() -> Clock:
    """The clock in use."""
    global _current  # noqa: PLW0603 - one process, one time
    if _current is None:
        _current = from_environment()
    return _current


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Use `clock` inside the block (tests, rehearsals)."""
    global _current  # noqa: PLW0603
    before = _current
    _current = clock
    try:
        yield clock
    finally:
        _current = before


def now() -> datetime:
    """Wall time, UTC."""
    return current().now()


def monotonic() -> float:
    """Seconds that only grow."""
    return current().monotonic()


def sleep(seconds: float) -> None:
    """Wait."""
    current().sleep(seconds)
