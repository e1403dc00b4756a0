"""What is said of a shard's steps when its worker ended before it was through with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.journal import ShardLog
from dcctl.journal.fold import StepState, fold
from dcctl.model.event import EventKind
from dcctl.model.status import NotStarted
from dcctl.running.ledger import not_started
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from dcctl.model.plan import Shard


def tell(shard: Shard, code: int, log_name: str) -> None:
    """Write into the shard's log why its steps have no outcome; what was begun stays in doubt.

    Raises:
        JournalError: the log can't be written.
    """
    words = Text(
        N_("its worker ended with code {code}; see {log}"),
        {"code": code, "log": str(Path(shard.folder) / log_name)},
    )
    with ShardLog(Path(shard.folder), shard.run, shard.id) as log:
        states = fold(log.before)
        for step in shard.steps:
            state = states.get(step.id, StepState())
            if step.id in shard.done or (state.outcome is not None and not state.open):
                continue
            if step.changes and (state.open or step.id in shard.resume):
                log.emit(
                    EventKind.STEP_PROGRESS, target=step.target, step=step.id, message=str(words)
                )
            else:
                log.emit(
                    EventKind.STEP_FINISHED,
                    target=step.target,
                    step=step.id,
                    durable=step.changes,
                    outcome=not_started(step, NotStarted.INTERRUPTED, words),
                )
