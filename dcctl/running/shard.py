"""One shard, start to end: the same function in a worker process, in this one, or at a far site.

Each target's steps are done in their order. Targets go side by side in threads; steps of an
executor that batches (Ansible) wait until every target has come to them, and are then done for
all targets at once.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock, executors
from dcctl.contracts import Context
from dcctl.errors import Interrupted, JournalError
from dcctl.journal import ShardLog
from dcctl.model.event import EventKind
from dcctl.model.status import NotStarted, StepStatus
from dcctl.running import batches, lifeline, pool, single, together
from dcctl.running.ledger import Ledger, not_started
from dcctl.running.mishaps import from_error
from dcctl.running.reconciling import RECOVERED
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcctl.contracts import Executor
    from dcctl.model.event import Emit
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Shard, Step
    from dcctl.model.target import Target


def run_shard(
    shard: Shard,
    *,
    cancelled: Callable[[], bool],
    stopping: Callable[[], str] = lambda: "",
    build: Callable[[str, Context], Executor] = executors.build,
    after_emit: Callable[[bool], None] = lambda _durable: None,
    wrap_emit: Callable[[Emit], Emit] = lambda emit: emit,
    threads: bool = True,
) -> None:
    """Do the steps of `shard` and write everything into its log.

    Args:
        shard: what to do.
        cancelled: true when to give up at once; what is under way then stays without an outcome.
        stopping: why nothing new is begun (a `NotStarted`), or nothing.
        build: makes an executor by its name.
        after_emit: called after each event; with whether it is durable, so worth hearing at once.
        wrap_emit: put around the writing of events.
        threads: targets side by side; without, one after the other in this thread.

    Raises:
        JournalError: the log can't be written; nothing more was begun.
    """
    with ShardLog(Path(shard.folder), shard.run, shard.id) as log:
        work = ShardWork(shard, log, cancelled, stopping)
        work.log_event = wrap_emit(log.emit)
        work.after_emit = after_emit
        with lifeline.held(Path(shard.folder)), ExitStack() as stack:
            work.open_executors(build, stack)
            work.emit(EventKind.SHARD_STARTED, targets=len(shard.targets), steps=len(shard.steps))
            work.go(threads=threads)
            work.emit(EventKind.SHARD_FINISHED, durable=True)


@dataclass(slots=True)
class Lane:
    """One target's way through its steps."""

    target: Target
    queue: deque[Step]
    deadline: float | None = None  # of the step under way, on the monotonic clock
    current: Step | None = None
    abandoned: bool = False  # its step ran out of time: whatever its thread still says is void


@dataclass
class ShardWork:
    """What the parts of a shard's run share."""

    shard: Shard
    log: ShardLog
    cancelled: Callable[[], bool]
    stopping: Callable[[], str]
    ledger: Ledger = field(init=False)
    lanes: dict[str, Lane] = field(init=False)
    executors: dict[str, Executor] = field(init=False, default_factory=dict)
    prints: dict[str, str] = field(init=False, default_factory=dict)  # of observing steps
    unpredicted: dict[str, str] = field(init=False, default_factory=dict)  # step id -> why
    remediations: dict[str, Any] = field(init=False, default_factory=dict)  # step id -> explained
    unmoved: set[str] = field(init=False, default_factory=set)  # targets as they were observed
    checked: set[str] = field(init=False, default_factory=set)  # preconditions re-read
    log_event: Emit = field(init=False)
    after_emit: Callable[[bool], None] = field(init=False)

    def __post_init__(self) -> None:
        self._ended: set[str] = set()
        self._end_lock = threading.Lock()
        self.log_event = self.log.emit
        self.after_emit = lambda _durable: None
        self.ledger = Ledger(self.shard, self.log.before, self.stopping)
        self.steps = {step.id: step for step in self.shard.steps}
        self.targets = {target.name: target for target in self.shard.targets}
        skip = self.ledger.earlier | set(self.shard.done)
        self.lanes = {target.name: Lane(target, deque()) for target in self.shard.targets}
        for step in self.shard.steps:
            if step.id not in skip and step.target in self.lanes:
                self.lanes[step.target].queue.append(step)

    # --- executors ---

    def open_executors(self, build: Callable[[str, Context], Executor], stack: ExitStack) -> None:
        """Make every executor that the steps name; one that can't be made fails its steps."""
        context = Context(
            run=self.shard.run,
            shard=self.shard.id,
            folder=self.shard.folder,
            site_root=self.shard.site_root,
            lab=self.shard.lab,
            options=self.shard.options,
            emit=self.emit,
            keep=self.log.keep,
            cancelled=self.cancelled,
        )
        for lane in self.lanes.values():
            if not lane.target.managed:
                for step in lane.queue:
                    self.finish(step, not_started(step, NotStarted.UNMANAGED))
                lane.queue.clear()
        for name in sorted({step.executor for lane in self.lanes.values() for step in lane.queue}):
            try:
                executor = build(name, context)
            except JournalError:
                raise
            except Exception as error:  # noqa: BLE001 - it is its steps' error
                self._fail_all(name, error)
                continue
            self.executors[name] = executor
            stack.callback(executor.close)

    def _fail_all(self, name: str, error: Exception) -> None:
        for lane in self.lanes.values():
            for step in [step for step in lane.queue if step.executor == name]:
                lane.queue.remove(step)
                outcome = from_error(step, error)
                if self._was_begun(step):
                    self._stays_in_doubt(step, outcome)
                else:
                    self.finish(step, outcome)

    # --- the way through ---

    def go(self, *, threads: bool) -> None:
        """Lanes side by side until each waits for a batch; the batches; and again."""
        while any(lane.queue for lane in self.lanes.values()):
            waiting = [lane for lane in self.lanes.values() if lane.queue]
            if threads:
                pool.run(self, waiting)
            else:
                for lane in waiting:
                    self.advance(lane)
            if self.cancelled():
                self._give_up()
                return
            batches.run(self)
            together.run(self, threads=threads)

    def advance(self, lane: Lane) -> None:
        """Do the target's steps up to the next one that is done in a batch."""
        while lane.queue and not self.cancelled() and not lane.abandoned:
            step = lane.queue[0]
            if single.is_batched(self, step):
                single.prepare(self, step)
                if lane.queue and lane.queue[0] is step:
                    return
                continue
            lane.queue.popleft()
            lane.current = step
            lane.deadline = self._deadline(step)
            single.do(self, step)
            lane.deadline = None
        if not lane.queue and not lane.abandoned:
            for executor in self.executors.values():
                executor.release(lane.target.name)

    def _deadline(self, step: Step) -> float | None:
        own = step.settings.get("timeout_s")
        limit = own or (self.shard.options.get("timeouts") or {}).get("step")
        return None if not limit else clock.monotonic() + float(limit)

    def _give_up(self) -> None:
        for lane in self.lanes.values():
            while lane.queue:
                step = lane.queue.popleft()
                if step.id not in self.ledger.attempts:
                    self.finish(step, not_started(step, NotStarted.INTERRUPTED))

    # --- writing down ---

    def emit(
        self,
        kind: EventKind,
        *,
        target: str = "",
        step: str = "",
        durable: bool = False,
        **data: Any,
    ) -> None:
        """Write an event down; refuses to begin a step that changes when nothing new may begin.

        Raises:
            Interrupted: it is refused. JournalError: it can't be written.
        """
        if kind is EventKind.STEP_STARTED:
            self._may_begin(step, target)
        self.log_event(kind, target=target, step=step, durable=durable, **data)
        if kind is EventKind.STEP_STARTED:
            self.ledger.begin(step)
        elif data.get("unpredicted"):
            self.unpredicted[step] = str(data.get("message", ""))
        elif "remediation" in data:
            self.remediations[step] = data["remediation"]
        self.after_emit(durable)

    def _may_begin(self, name: str, target: str) -> None:
        step = self.steps.get(name)
        lane = self.lanes.get(target)
        if (lane is not None and lane.abandoned) or (
            step is not None and step.changes and (self.ledger.stop(step) or self.cancelled())
        ):
            raise Interrupted(N_("{step} is not begun: the run is stopping"), step=name)

    def finish(self, step: Step, outcome: Outcome, *, late: bool = False) -> None:
        """Write the outcome of `step` down, once, when the facts about it are consistent.

        `late`: the target was abandoned, and this is what is said of it.
        """
        lane = self.lanes.get(step.target)
        if lane is not None and lane.abandoned and not late:
            return
        began = self.ledger.started.get(step.id, 0) > 0
        uncertain = outcome.status is StepStatus.ERROR
        if step.changes and uncertain and self.cancelled() and (began or self._was_begun(step)):
            return  # in doubt: the next resume looks at the target
        if step.changes and not began and self._was_begun(step) and outcome.status in _UNSEEN:
            self._stays_in_doubt(step, outcome)
            return
        if uncertain and step.changes and not (began or self._was_begun(step)) and self.stopping():
            outcome = not_started(step, NotStarted(self.stopping()))
        if step.changes and not began and outcome.status in _TOUCHED and not _recovered(outcome):
            outcome = replace(
                outcome,
                status=StepStatus.ERROR,
                message=Text(
                    N_("{executor} changed {target} without writing it down first"),
                    {"executor": step.executor, "target": step.target},
                ),
            )
        with self._end_lock:
            if step.id in self._ended:
                return
            self._ended.add(step.id)
        outcome = self.ledger.end(outcome)
        self.emit(
            EventKind.STEP_FINISHED,
            target=step.target,
            step=step.id,
            durable=step.changes,
            outcome=outcome,
        )

    def _was_begun(self, step: Step) -> bool:
        return step.id in self.ledger.attempts

    def _stays_in_doubt(self, step: Step, outcome: Outcome) -> None:
        """Nobody looked at what an earlier process left: that is no outcome of the step.

        It stays in doubt in the journal and its target stays locked, until a resume has looked.
        """
        words = str(outcome.message)
        self.emit(EventKind.STEP_PROGRESS, target=step.target, step=step.id, message=words)
        if outcome.status is StepStatus.UNREACHABLE:
            self.ledger.lose(step.target)


_UNSEEN = frozenset({StepStatus.NOT_STARTED, StepStatus.UNREACHABLE})
_TOUCHED = frozenset({StepStatus.CHANGED, StepStatus.FAILED})


def _recovered(outcome: Outcome) -> bool:
    return outcome.reason == RECOVERED
