"""Targets side by side: a thread each, within the shard's concurrency and its sites' caps."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from dcctl import clock, concurrency
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from dcctl.running.ledger import not_started
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.running.shard import Lane, ShardWork

_LOOK_EVERY_S = 0.1  # of real time: how often deadlines and interrupts are looked at


class _Pool:
    def __init__(self, work: ShardWork, lanes: Sequence[Lane]) -> None:
        self._work = work
        self._waiting = list(lanes)
        self._running: dict[str, Lane] = {}
        self._sites: Counter[str] = Counter()
        self._changed = concurrency.condition()
        self._error: BaseException | None = None

    def run(self) -> None:
        with self._changed:
            while self._waiting or self._running:
                self._start_what_may()
                self._changed.wait(_LOOK_EVERY_S)
                self._abandon_late()
                if self._error is not None or self._work.cancelled():
                    self._waiting.clear()
        if self._error is not None:
            raise self._error

    def _start_what_may(self) -> None:
        options = self._work.shard.options
        most = max(1, int(options.get("concurrency") or 1))
        caps = options.get("site_caps") or {}
        for lane in list(self._waiting):
            if len(self._running) >= most:
                return
            site = lane.target.site
            if site in caps and self._sites[site] >= max(1, int(caps[site])):
                continue
            self._waiting.remove(lane)
            self._running[lane.target.name] = lane
            self._sites[site] += 1
            concurrency.start(partial(self._work_on, lane), f"dcctl-{lane.target.name}")

    def _work_on(self, lane: Lane) -> None:
        try:
            self._work.advance(lane)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            with self._changed:
                self._error = self._error or error
        with self._changed:
            self._leave(lane)

    def _leave(self, lane: Lane) -> None:
        if self._running.pop(lane.target.name, None) is not None:
            self._sites[lane.target.site] -= 1
        self._changed.notify_all()

    def _abandon_late(self) -> None:
        now = clock.monotonic()
        for lane in list(self._running.values()):
            if lane.deadline is not None and now > lane.deadline:
                self._abandon(lane)
            elif self._work.cancelled():
                self._leave(lane)  # its thread dies with the worker; its step stays in doubt

    def _abandon(self, lane: Lane) -> None:
        """Give the step that ran out of time its outcome, and the steps behind it theirs."""
        work, step = self._work, lane.current
        lane.deadline = None
        lane.abandoned = True
        behind = list(lane.queue)
        lane.queue.clear()
        if step is not None:
            words = Text(N_("it did not end within its time; what it left is not known"))
            late = Outcome(step=step.id, target=step.target, status=StepStatus.ERROR, message=words)
            work.finish(step, late, late=True)
            words = Text(N_("{step} did not succeed"), {"step": step.id})
            for later in behind:
                work.finish(later, not_started(later, NotStarted.DEPENDENCY, words), late=True)
        self._leave(lane)


def run(work: ShardWork, lanes: Sequence[Lane]) -> None:
    """Advance every lane; returns when all wait, have ended, or were abandoned."""
    _Pool(work, lanes).run()
