"""Going on after an interruption: what is in doubt stays so until the target itself has told."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from dcctl.errors import JournalError
from dcctl.journal import ShardLog
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.status import RunStatus, StepStatus
from dcctl.running import in_doubt
from tests.unit.running.conftest import Stage
from tests.unit.running.device import change


def begun_and_lost(stage: Stage, *steps: str, **makings: Any) -> Any:
    """A plan of two changes a device, and a run that died after `steps` were begun."""
    made = stage.made(lambda n: [change(n, "k1"), change(n, "k2")])
    plan = made.plan(options={"blind": True}, **makings)
    run = stage.journal.open_run(plan, operator="test", request={})
    shard = "g001-w0000-s0001"
    with ShardLog(stage.journal.shard_folder(run.id, shard), run.id, shard) as log:
        for step in steps:
            log.emit(EventKind.STEP_STARTED, target=step[0], step=step, durable=True)
    return plan, run


def interrupt_at(kind: EventKind, step: str = "") -> Any:
    def heard(event: Event) -> None:
        if event.kind is kind and event.step == step:
            signal.raise_signal(signal.SIGINT)

    return heard


def test_a_resume_that_is_interrupted_leaves_the_doubt(serial: Stage) -> None:
    plan, run = begun_and_lost(serial, "a/role:k1")
    record = serial.go(plan, run, interrupt_at(EventKind.SHARD_STARTED), resume=True)
    assert in_doubt(record) == ("a/role:k1",)
    assert record.run.status is RunStatus.INTERRUPTED
    assert {lock.name for lock in serial.journal.locks()} == {"target:a"}
    serial.devices["a"].answer({"do": "set", "key": "k1", "value": "new"})
    again = serial.go(plan, run, resume=True)
    assert again.outcomes["a/role:k1"].reason == "recovered"
    assert serial.devices["a"].log == ["set k1 new", "set k2 new"]


def test_a_doubt_outlives_an_executor_that_cannot_be_made(serial: Stage) -> None:
    from dcctl import running

    def broken(name: str, context: Any) -> Any:
        raise RuntimeError(name)

    plan, run = begun_and_lost(serial, "a/role:k1")
    runner = running.SerialRunner(build=broken)
    record = serial.go(plan, run, resume=True, runner=runner)
    assert in_doubt(record) == ("a/role:k1",)
    assert "target:a" in {lock.name for lock in serial.journal.locks()}


def test_what_we_changed_ourselves_is_not_stale(serial: Stage) -> None:
    """The precondition is of all of a target's changes; some were done before the interruption."""
    made = serial.made(lambda n: [change(n, "k1"), change(n, "k2")])
    seen = plain.digest({"k1": "", "k2": ""})
    plan = made.plan(preconditions=dict.fromkeys("abc", seen), options={"blind": True})
    run = serial.journal.open_run(plan, operator="test", request={})
    serial.go(plan, run, interrupt_at(EventKind.STEP_FINISHED, "a/role:k1"))
    again = serial.go(plan, run, resume=True)
    assert again.step_counts() == {"changed": 6}


def test_what_follows_a_change_of_ours_is_not_taken_for_idle(serial: Stage) -> None:
    """k2 was observed to change nothing before k1 changed something."""
    predicted: dict[str, tuple[str, ...]] = {"k1": ("k1: None -> new",), "k2": ()}
    made = serial.made(lambda n: [change(n, k, predicted=predicted[k]) for k in ("k1", "k2")])
    seen = plain.digest({"k2": ""})  # k1 is nothing that the fingerprint shows
    plan = made.plan(preconditions=dict.fromkeys("abc", seen), options={"blind": True})
    run = serial.journal.open_run(plan, operator="test", request={})
    shard = "g001-w0000-s0001"
    with ShardLog(serial.journal.shard_folder(run.id, shard), run.id, shard) as log:
        for name in "abc":
            step = f"{name}/role:k1"
            done = Outcome(step=step, target=name, status=StepStatus.CHANGED)
            log.emit(EventKind.STEP_STARTED, target=name, step=step, durable=True)
            log.emit(EventKind.STEP_FINISHED, target=name, step=step, outcome=done)
    again = serial.go(plan, run, resume=True)
    assert {again.outcomes[f"{n}/role:k2"].status for n in "abc"} == {StepStatus.CHANGED}


def test_what_is_done_is_not_held_by_its_dead_process(serial: Stage) -> None:
    """Died with a wave done and its locks not given back: what comes next may rely on it."""
    made = serial.made(lambda n: [change(n, "k1")])
    plan = made.plan(waves=[["a"], ["b"], ["c"]], options={"blind": True})
    run = serial.journal.open_run(plan, operator="test", request={})
    shard = "g001-w0000-s0001"
    with ShardLog(serial.journal.shard_folder(run.id, shard), run.id, shard) as log:
        done = Outcome(step="a/role:k1", target="a", status=StepStatus.CHANGED)
        log.emit(EventKind.STEP_STARTED, target="a", step="a/role:k1", durable=True)
        log.emit(EventKind.STEP_FINISHED, target="a", step="a/role:k1", outcome=done)
        log.emit(EventKind.STEP_STARTED, target="c", step="c/role:k1", durable=True)
    serial.journal.take_locks(["target:a", "target:c"], run.id)
    held = []

    def heard(event: Event) -> None:
        if event.kind is EventKind.STEP_STARTED and event.target == "b":
            held.extend(lock.name for lock in serial.journal.locks())

    serial.go(plan, run, heard, resume=True)
    assert set(held) == {f"run:{run.id}", "target:b", "target:c"}  # c is in doubt


def test_a_journal_that_fails_gives_no_lock_back(serial: Stage, monkeypatch: Any) -> None:
    """What the logs say was not heard: nobody knows what is in doubt."""
    made = serial.made(lambda n: [change(n, "k1")])
    plan = made.plan(options={"blind": True})
    run = serial.journal.open_run(plan, operator="test", request={})

    def fails(*_arguments: Any) -> Any:
        raise JournalError("no space left")

    monkeypatch.setattr(serial.journal, "import_shard", fails)
    with pytest.raises(JournalError):
        serial.go(plan, run)
    assert "target:a" in {lock.name for lock in serial.journal.locks()}


def test_a_listener_that_fails_breaks_no_change_off(stage: Stage) -> None:
    """The terminal is gone: what runs is finished and written down, then the error is told."""

    def fails(event: Event) -> None:
        if event.kind is EventKind.STEP_STARTED:
            raise BrokenPipeError

    made = stage.made(lambda n: [change(n, "k1"), change(n, "k2")])
    plan = made.plan(options={"blind": True})
    run = stage.journal.open_run(plan, operator="test", request={})
    with pytest.raises(BrokenPipeError):
        stage.go(plan, run, fails)
    record = stage.journal.record(run.id)
    assert in_doubt(record) == ()
    assert record.run.status is RunStatus.INTERRUPTED
    assert record.outcomes["a/role:k1"].status is StepStatus.CHANGED
    assert stage.journal.locks() == ()


def test_a_terminal_that_goes_away_is_an_interrupt(serial: Stage) -> None:
    def heard(event: Event) -> None:
        if event.kind is EventKind.STEP_STARTED:
            signal.raise_signal(signal.SIGHUP)

    made = serial.made(lambda n: [change(n, "k1")])
    plan = made.plan(options={"blind": True})
    run = serial.journal.open_run(plan, operator="test", request={})
    record = serial.go(plan, run, heard)
    assert record.run.status is RunStatus.INTERRUPTED
    assert record.outcomes["a/role:k1"].status is StepStatus.CHANGED
    assert record.outcomes["b/role:k1"].reason == "interrupted"


def test_a_cancelled_run_keeps_locked_what_is_in_doubt(serial: Stage) -> None:
    plan, run = begun_and_lost(serial, "a/role:k1")

    def heard(event: Event) -> None:
        if event.kind is EventKind.SHARD_STARTED:
            serial.journal.request_cancel(run.id)

    record = serial.go(plan, run, heard, resume=True)
    assert record.run.status is RunStatus.INTERRUPTED
    assert {lock.name for lock in serial.journal.locks()} == {"target:a"}


def test_one_executors_fingerprint_proves_nothing_for_another(serial: Stage) -> None:
    """A router and the host beneath it: only the last executor's fingerprint was compared."""

    def steps(name: str) -> list[Any]:
        return [
            change(name, "k1", executor="batch", predicted=()),
            change(name, "k2", predicted=()),
        ]

    for device in serial.devices.values():
        for key, value in (("k1", "moved by hand"), ("k2", "new")):
            device.answer({"do": "set", "key": key, "value": value})
    seen = plain.digest({"k2": "new"})
    plan = serial.made(steps).plan(preconditions=dict.fromkeys("abc", seen))
    record = serial.run(plan)
    assert record.outcomes["a/role:k1"].status is StepStatus.CHANGED
    assert serial.devices["a"].state["k1"] == "new"
