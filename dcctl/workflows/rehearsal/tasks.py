"""Many tasks in one thread under a virtual clock: a seed decides who goes on, so all repeats.

A task gives way whenever it sleeps, waits, or passes a boundary of the journal. Who goes on next
is drawn from those that are ready; when all sleep, time jumps to the first that wakes.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

from dcctl.workflows.rehearsal.locks import Alarm, Condition, Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

START = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)  # a night in Vietnam


class KilledError(BaseException):
    """This process is dead: nothing that it would still do happens."""


class Tasks:
    """A clock and a way of doing things side by side, both functions of `seed`."""

    def __init__(self, seed: int | str = 0, start: datetime = START) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable, and guards nothing
        self.dead = False
        self._start, self._elapsed, self._jumped = start, 0.0, 0.0
        self._hub: greenlet | None = None
        self._ready: list[greenlet] = []
        self._alarms: list[tuple[float, int, Alarm]] = []
        self._count = 0
        self._living: set[greenlet] = set()

    # --- clock ---

    def now(self) -> datetime:
        """See Clock."""
        return self._start + timedelta(seconds=self._elapsed + self._jumped)

    def monotonic(self) -> float:
        """See Clock."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """See Clock; outside of tasks time just passes."""
        if self._hub is None:
            self._pass(self._elapsed + max(0.0, seconds))
            return
        self.alarm(max(0.0, seconds))
        self.away()

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """Let the world do something in so many seconds, whatever becomes of this process."""
        self._push(seconds, Alarm(act=act))

    @property
    def elapsed(self) -> float:
        """Seconds since it all began, whatever anybody's clock says."""
        return self._elapsed

    def jump(self, seconds: float) -> None:
        """Somebody sets this machine's clock; what only grows does not notice."""
        self._jumped += seconds

    # --- concurrency ---

    def start(self, work: Callable[[], None], name: str) -> None:
        """See Concurrency."""
        del name
        self._spawn(work)

    def lock(self) -> Lock:
        """See Concurrency."""
        return Lock(self)

    def condition(self) -> Condition:
        """See Concurrency."""
        return Condition(self)

    def side_by_side(
        self, function: Callable[[_Item], _Result], items: Sequence[_Item], at_once: int
    ) -> list[_Result]:
        """See Concurrency."""
        if self._hub is None or len(items) < 2:  # noqa: PLR2004 - one goes by itself
            return [function(item) for item in items]
        results: dict[int, Any] = {}
        errors: list[BaseException] = []
        waiting = deque(enumerate(items))
        crew = min(len(items), max(1, at_once))
        done = Condition(self)

        def work() -> None:
            nonlocal crew
            try:
                while waiting:
                    index, item = waiting.popleft()
                    results[index] = function(item)
            except BaseException as error:  # noqa: BLE001 - handed to the task that waits
                errors.append(error)
            crew -= 1
            done.wake()

        for _ in range(crew):
            self._spawn(work)
        while crew:
            done.rest()
        if errors:
            raise errors[0]
        return [results[index] for index in range(len(items))]

    # --- tasks ---

    def run(self, work: Callable[[], _Result]) -> _Result:
        """Do `work` as the first task, until it ends; then whatever it left behind is ended."""
        outcome: list[_Result] = []
        errors: list[BaseException] = []
        ended: list[bool] = []

        def first() -> None:
            try:
                outcome.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again by the caller's stack
                errors.append(error)
            ended.append(True)

        self._hub = getcurrent()
        try:
            self._spawn(first)
            while not ended:
                self._step()
        finally:
            self.dead = True
            self._end_all()
            self._hub = None
            self.dead = False
        if errors:
            raise errors[0]
        return outcome[0]

    def ready(self, task: greenlet) -> None:
        """Let a task that is away go on."""
        self._ready.append(task)

    def give_way(self) -> None:
        """Let another one that is ready go on."""
        if self._hub is not None:
            self._ready.append(getcurrent())
            self.away()

    def kill(self) -> None:
        """This process dies, in the midst of the present task.

        Raises:
            KilledError: always.
        """
        self.dead = True
        raise KilledError

    # --- inside ---

    def _spawn(self, work: Callable[[], None]) -> None:
        def body() -> None:
            try:
                work()
            except (GreenletExit, KilledError):
                pass
            finally:
                self._living.discard(getcurrent())

        task = greenlet(body, self._hub)
        self._living.add(task)
        self._ready.append(task)

    def _step(self) -> None:
        """Let one task go on; when none is ready, time jumps to the next alarm."""
        while not self._ready:
            self._next()
        ready = self._ready
        index = self.random.randrange(len(ready)) if len(ready) > 1 else 0
        ready[index], ready[-1] = ready[-1], ready[index]
        ready.pop().switch()

    def _next(self) -> None:
        """The next alarm goes off."""
        due, _, alarm = heapq.heappop(self._alarms)
        if alarm.act is not None:
            self._elapsed = max(self._elapsed, due)
            alarm.act()
        elif alarm.task is not None:
            self._elapsed = max(self._elapsed, due)
            self._ready.append(alarm.task)
            alarm.task = None

    def _pass(self, until: float) -> None:
        """Time passes while no task is there."""
        while self._alarms and self._alarms[0][0] <= until:
            self._next()
        self._elapsed = max(self._elapsed, until)

    def alarm(self, seconds: float) -> Alarm:
        """Let the present task be woken in so many seconds."""
        alarm = Alarm(getcurrent())
        self._push(seconds, alarm)
        return alarm

    def _push(self, seconds: float, alarm: Alarm) -> None:
        self._count += 1
        heapq.heappush(self._alarms, (self._elapsed + seconds, self._count, alarm))

    def away(self) -> None:
        """Rest until somebody makes this task ready.

        Raises:
            KilledError: the process is dead.
        """
        if self.dead:
            raise KilledError
        assert self._hub is not None  # noqa: S101 - tasks exist only while it runs
        self._hub.switch()
        if self.dead:
            raise KilledError

    def _end_all(self) -> None:
        """What is left behind dies with the process: its way out may touch nothing."""
        for task in list(self._living):
            if task:
                task.throw(GreenletExit)
        self._living.clear()
        self._ready.clear()
        self._alarms = [one for one in self._alarms if one[2].act is not None]
        heapq.heapify(self._alarms)
