"""What became of a shard's steps so far, and whether the next one may begin."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.journal.fold import GOOD, fold
from dcctl.model.outcome import Outcome
from dcctl.model.plan import StepKind
from dcctl.model.status import NotStarted, StepStatus
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.model.event import Event
    from dcctl.model.plan import Shard, Step

# Why nothing more is begun, though an upgrade that was begun has to be ended.
_ENDS_ON = frozenset({NotStarted.MAX_FAILURES, NotStarted.UNSURE, NotStarted.PAUSED})
# Why nothing more is changed, though what there is may still be read.
_READS_ON = frozenset({NotStarted.MAX_FAILURES, NotStarted.UNSURE})
WORDS = {
    NotStarted.DEPENDENCY: N_("{step} did not succeed"),
    NotStarted.MAX_FAILURES: N_("too many targets failed"),
    NotStarted.CANARY: N_("no canary of its kind was changed and proved well"),
    NotStarted.INTERRUPTED: N_("interrupted before it began"),
    NotStarted.STALE: N_("the target moved since it was observed"),
    NotStarted.UNREACHABLE: N_("{target} could not be reached before"),
    NotStarted.UNMANAGED: N_("no driver reaches {target}"),
    NotStarted.TOGETHER: N_("another member of its group could not go"),
    NotStarted.WINDOW: N_("no maintenance window is open for it long enough"),
    NotStarted.PAUSED: N_("the campaign was paused"),
    NotStarted.UNSURE: N_("the state of an element that was upgraded before it is not known"),
    NotStarted.REDUNDANCY: N_("another member of its redundancy group may be down"),
}


def not_started(step: Step, reason: NotStarted, message: Text | None = None) -> Outcome:
    """The outcome of a step that was not begun."""
    words = message or Text(
        WORDS.get(reason, N_("not started")), {"target": step.target, "step": step.id}
    )
    return Outcome(
        step=step.id,
        target=step.target,
        status=StepStatus.NOT_STARTED,
        reason=reason.value,
        message=words,
        attempts=0,
        finished_at=clock.now().isoformat(),
    )


def under_way(step: Step, stop: str) -> bool:
    """Whether `step`, which an earlier process had begun, goes on though nothing new may begin.

    It may be half upgraded, with traffic led round it: that is no state to leave it in.
    """
    return step.kind is StepKind.UPGRADE and stop in _ENDS_ON


class Ledger:
    """The steps of one shard: begun, ended, refused. Safe across threads."""

    def __init__(self, shard: Shard, before: Sequence[Event], stopping: Callable[[], str]) -> None:
        self._lock = threading.Lock()
        self._stopping = stopping
        self._good = set(shard.done)
        self._known = {step.id for step in shard.steps}
        self._lost: set[str] = set()  # targets that can't be reached
        self._refused: dict[str, tuple[NotStarted, Text]] = {}
        self.attempts = dict(shard.resume)  # begun before and without an outcome
        self.earlier: frozenset[str] = frozenset()  # steps that this shard's own log has settled
        self.started: dict[str, int] = {}
        self._take_over(before)

    def _take_over(self, before: Sequence[Event]) -> None:
        """A shard that is delivered a second time goes on where its own log ends."""
        settled = set()
        for name, state in fold(before).items():
            if state.settled and state.outcome is not None:
                settled.add(name)
                self._note(state.outcome)
            elif state.open:
                self.attempts[name] = self.attempts.get(name, 0) + state.started
        self.earlier = frozenset(settled)

    def verdict(self, step: Step, *, together: frozenset[str] = frozenset()) -> Outcome | None:
        """Why `step` may not begin, or nothing; `together` are steps that are begun with it."""
        with self._lock:
            if step.target in self._lost:
                return not_started(step, NotStarted.UNREACHABLE)
            reason = self.stop(step)
            if reason and (step.changes or reason not in _READS_ON):
                return not_started(step, NotStarted(reason))
            for name in step.requires:
                if name not in self._good and name not in together:
                    words = Text(WORDS[NotStarted.DEPENDENCY], {"step": name})
                    return not_started(step, NotStarted.DEPENDENCY, words)
            if step.changes and step.target in self._refused:
                return not_started(step, *self._refused[step.target])
        return None

    def stop(self, step: Step) -> str:
        """Why `step` may not begin now that the run is stopping, or nothing."""
        reason = self._stopping()
        return "" if step.id in self.attempts and under_way(step, reason) else reason

    def refuse(self, target: str, reason: NotStarted, message: Text) -> None:
        """Let no changing step of `target` begin."""
        with self._lock:
            self._refused.setdefault(target, (reason, message))

    def lose(self, target: str) -> None:
        """Let no step of `target` begin: it can't be reached."""
        with self._lock:
            self._lost.add(target)

    def is_good(self, step: str) -> bool:
        """Whether the step has ended well, in this shard or before it."""
        with self._lock:
            return step in self._good

    def begin(self, step: str) -> None:
        """A step was written down as begun."""
        with self._lock:
            self.started[step] = self.started.get(step, 0) + 1

    def end(self, outcome: Outcome) -> Outcome:
        """Note an outcome; gives it with its attempts and times filled in."""
        with self._lock:
            began = self.started.get(outcome.step, 0)
            before = self.attempts.get(outcome.step, 0)
            self._note(outcome)
        if outcome.status is not StepStatus.NOT_STARTED:
            outcome = replace(outcome, attempts=max(1, before + began))
        return replace(outcome, finished_at=outcome.finished_at or clock.now().isoformat())

    def _note(self, outcome: Outcome) -> None:
        if outcome.status in GOOD:
            self._good.add(outcome.step)
        elif outcome.status is StepStatus.UNREACHABLE:
            self._lost.add(outcome.target)
