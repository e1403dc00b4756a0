"""What tasks under a virtual clock rest on: alarms, locks, conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_S = 5.0  # what a look at deadlines, of so many real milliseconds, costs of virtual time


class Scheduler(Protocol):
    """Who says which task goes on; `tasks.Tasks`."""

    def ready(self, task: greenlet) -> None:
        """Let a task that is away go on."""

    def away(self) -> None:
        """Rest until somebody makes this task ready."""

    def alarm(self, seconds: float) -> Alarm:
        """Let the present task be woken in so many seconds."""


class Alarm:
    """A task's sleep, void once something else woke it; or what the world does by itself."""

    __slots__ = ("act", "task")

    def __init__(self, task: greenlet | None = None, act: Callable[[], None] | None = None) -> None:
        self.task, self.act = task, act


class Lock:
    """A lock of tasks."""

    def __init__(self, tasks: Scheduler) -> None:
        self._tasks = tasks
        self._held = False
        self._queue: list[greenlet] = []

    def __enter__(self) -> bool:
        while self._held:
            self._queue.append(getcurrent())
            self._tasks.away()
        self._held = True
        return True

    def __exit__(self, *_error: object) -> None:
        self._held = False
        if self._queue:
            self._tasks.ready(self._queue.pop(0))


class Condition(Lock):
    """A condition of tasks."""

    def __init__(self, tasks: Scheduler) -> None:
        super().__init__(tasks)
        self._resting: list[Alarm] = []

    def wait(self, timeout: float | None = None) -> bool:
        """See concurrency.Condition; a timeout in real time is a look now and then."""
        self.__exit__()
        self.rest(None if timeout is None else _LOOK_S)
        self.__enter__()
        return True

    def notify_all(self) -> None:
        """See concurrency.Condition."""
        self.wake()

    def rest(self, seconds: float | None = None) -> None:
        """Wait to be woken, at most `seconds`."""
        alarm = Alarm(getcurrent()) if seconds is None else self._tasks.alarm(seconds)
        self._resting.append(alarm)
        self._tasks.away()

    def wake(self) -> None:
        """Wake all who rest."""
        resting, self._resting = self._resting, []
        for alarm in resting:
            if alarm.task is not None:
                self._tasks.ready(alarm.task)
                alarm.task = None
