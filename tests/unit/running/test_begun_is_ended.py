"""An upgrade that was begun is ended by a resume, though nothing new may begin any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dcctl.journal import ShardLog
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.running import in_doubt
from tests.unit.running.conftest import Stage
from tests.unit.running.device import change


def upgrade(name: str) -> Step:
    made = change(name, "k1")
    settings = {**made.settings, "order": {"image": {"platform": "linux"}}}
    return replace(made, kind=StepKind.UPGRADE, settings=settings)


def died(stage: Stage, made: Callable[[str], Step], status: StepStatus | None) -> Any:
    """A plan, and a run that died: `a` was begun, `b` had ended as `status` (None: not begun)."""
    options = {"blind": True, "max_failures": 0}
    plan = stage.made(lambda name: [made(name)]).plan(options=options)
    run = stage.journal.open_run(plan, operator="test", request={})
    shard = "g001-w0000-s0001"
    with ShardLog(stage.journal.shard_folder(run.id, shard), run.id, shard) as log:
        log.emit(EventKind.STEP_STARTED, target="a", step="a/role:k1", durable=True)
        if status is not None:
            log.emit(EventKind.STEP_STARTED, target="b", step="b/role:k1", durable=True)
            done = Outcome(step="b/role:k1", target="b", status=status)
            log.emit(EventKind.STEP_FINISHED, target="b", step="b/role:k1", outcome=done)
    return plan, run


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (StepStatus.ERROR, NotStarted.UNSURE),
        (StepStatus.FAILED, NotStarted.MAX_FAILURES),
        (None, NotStarted.PAUSED),
    ],
)
def test_what_is_half_upgraded_is_not_left_so(
    stage: Stage, status: StepStatus | None, reason: NotStarted
) -> None:
    plan, run = died(stage, upgrade, status)
    if reason is NotStarted.PAUSED:
        stage.journal.request_pause(run.id, operator="test")
    record = stage.go(plan, run, resume=True)
    assert in_doubt(record) == ()
    assert record.outcomes["a/role:k1"].status is StepStatus.CHANGED
    assert stage.devices["a"].log == ["set k1 new"]
    assert record.outcomes["c/role:k1"].reason == reason
    assert stage.devices["c"].log == []
    # Refused here, before any worker has an order: one that starts would race with the word.
    assert {e.shard for e in stage.events if e.step == "c/role:k1"} == {"g002-parent"}
    assert stage.journal.locks() == ()
    ended = reason is not NotStarted.PAUSED  # which another resume takes up again
    assert record.run.status is (RunStatus.FINISHED if ended else RunStatus.INTERRUPTED)


def test_a_change_that_is_no_upgrade_stays_in_doubt(serial: Stage) -> None:
    """It would be begun once more, and nothing but its doubt speaks for that."""
    plan, run = died(serial, lambda name: change(name, "k1"), StepStatus.FAILED)
    record = serial.go(plan, run, resume=True)
    assert in_doubt(record) == ("a/role:k1",)
    assert serial.devices["a"].log == []
