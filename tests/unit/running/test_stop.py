"""Stopping: limits on time and number, interrupts, cancellation, workers and parents that die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dcctl import clock, running
from dcctl.errors import JournalError
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import Shard
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.running import in_doubt
from dcctl.running.control import Control
from dcctl.running.split import Room
from tests.unit.running.conftest import BUILD, Stage
from tests.unit.running.device import Gauge, build, change, collect

REPOSITORY = Path(__file__).parents[3]


def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


@contextmanager
def child(stage: Stage, kind: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    ports = {name: device.port for name, device in stage.devices.items()}
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.unit.running.run_child", str(stage.root)),
            *(json.dumps(ports), json.dumps({"concurrency": 9, "blind": True} | options), kind),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(process: subprocess.Popen[str], wanted: str) -> str:
    """Read what the child says up to the line that starts with `wanted`."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(wanted):
            return line.strip()
    pytest.fail(f"it ended without saying {wanted}")


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [
        int(pid)
        for pid in children.split()
        if Path(f"/proc/{pid}/comm").read_text() == "dcctl-worker\n"
    ]


def hold(stage: Stage) -> threading.Event:
    gate = threading.Event()
    for device in stage.devices.values():
        device.gate = gate
    return gate


# --- limits ---


@pytest.mark.parametrize(
    ("options", "most"),
    [
        ({"concurrency": 2}, 2),
        ({"concurrency": 9}, 3),
        ({"concurrency": 9, "site_caps": {"X": 1}}, 1),
        ({"concurrency": 1}, 1),
    ],
)
def test_no_more_targets_at_once_than_allowed(local: Stage, options, most) -> None:
    gauge = Gauge()
    for device in local.devices.values():
        device.gauge, device.busy_s = gauge, 0.3
    made = local.made(lambda n: [change(n, "k1")], **{n: {"site": "X"} for n in "abc"})
    record = local.run(made.plan(options=options))
    assert record.step_counts() == {"changed": 3}
    assert gauge.most == most


def test_caps_hold_over_all_workers(local: Stage) -> None:
    """Targets of two executors go to two workers; together they keep within the cap."""
    gauge = Gauge()
    for device in local.devices.values():
        device.gauge, device.busy_s = gauge, 0.2
    made = local.made(
        lambda n: [change(n, "k1", executor="batch" if n == "a" else "socket")],
        **{n: {"site": "X"} for n in "abc"},
    )
    local.run(made.plan(options={"concurrency": 9, "site_caps": {"X": 1}}))
    assert len(local.journal.shard_ids(local.journal.runs()[0].id)) == 2
    assert gauge.most == 1


def test_a_step_has_its_time_and_its_target_is_left_alone(local: Stage) -> None:
    gate = threading.Event()
    local.devices["b"].gate = gate
    made = local.made(lambda n: [change(n, "k1"), change(n, "k2")])
    with clock.use(clock.AcceleratedClock(50)):  # 50 s pass in one
        record = local.run(made.plan(options={"concurrency": 9, "timeouts": {"step": 50}}))
    gate.set()
    late = record.outcomes["b/role:k1"]
    assert (late.status, late.attempts) == (StepStatus.ERROR, 1)
    assert "its time" in str(late.message)
    behind = record.outcomes["b/role:k2"]
    assert (behind.status, behind.reason) == (StepStatus.NOT_STARTED, NotStarted.DEPENDENCY)
    assert record.step_counts()["changed"] == 4
    wait_for(lambda: local.devices["b"].log)
    assert local.devices["b"].log == ["set k1 new"]  # nothing of its worker went on


def test_a_shard_has_its_time_and_what_it_left_is_in_doubt(local: Stage) -> None:
    gate = threading.Event()
    local.devices["b"].gate = gate
    made = local.made(lambda n: [change(n, "k1"), change(n, "k2")])
    with clock.use(clock.AcceleratedClock(50)):
        record = local.run(made.plan(options={"concurrency": 9, "timeouts": {"shard": 100}}))
    gate.set()
    assert record.run.status is RunStatus.INTERRUPTED
    assert in_doubt(record) == ("b/role:k1",)
    assert [lock.name for lock in local.journal.locks()] == ["target:b"]


# --- interrupts ---


@pytest.mark.parametrize("kind", ["serial", "local"])
def test_the_first_interrupt_lets_what_runs_end_and_starts_nothing_new(serial, kind) -> None:
    gate = hold(serial)
    with child(serial, kind) as process:
        name = said(process, "run ").split()[1]
        said(process, "step_started")
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)  # the interrupt must come to the worker before the device answers
        if kind == "local":  # the serial twin is at work itself, and speaks afterwards
            assert "is finished first (a" in said(process, "notice")
        gate.set()
        assert said(process, "status") == "status interrupted"
    record = serial.journal.record(name)
    assert in_doubt(record) == ()
    statuses = {(o.status, o.reason) for o in record.outcomes.values()}
    assert statuses <= {
        (StepStatus.CHANGED, ""),
        (StepStatus.NOT_STARTED, NotStarted.INTERRUPTED),
    }
    assert len(statuses) == 2
    assert serial.journal.locks() == ()
    again = serial.go(record.plan, record.run, resume=True)
    assert again.run.status is RunStatus.FINISHED
    assert again.step_counts() == {"changed": 6}
    assert {o.attempts for o in again.outcomes.values()} == {1}
    assert all(d.log == ["set k1 new", "set k2 new"] for d in serial.devices.values())


@pytest.mark.parametrize("kind", ["serial", "local"])
def test_the_second_interrupt_aborts_and_tells_what_is_in_doubt(serial, kind) -> None:
    gate = hold(serial)
    with child(serial, kind) as process:
        name = said(process, "run ").split()[1]
        said(process, "step_started")
        wait_for(lambda: any(d.gauge.inside for d in serial.devices.values()))
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)  # two signals that come together are one
        process.send_signal(signal.SIGINT)
        assert said(process, "status") == "status interrupted"
    record = serial.journal.record(name)
    doubtful = in_doubt(record)
    assert doubtful
    assert {record.outcomes[step].status for step in doubtful} == {StepStatus.ERROR}
    held = {lock.name for lock in serial.journal.locks()}
    assert held == {f"target:{step.split('/')[0]}" for step in doubtful}
    gate.set()
    wait_for(lambda: all(serial.devices[s.split("/")[0]].log for s in doubtful))
    again = serial.go(record.plan, record.run, resume=True)
    assert again.run.status is RunStatus.FINISHED
    assert again.step_counts() == {"changed": 6}
    assert all(d.log == ["set k1 new", "set k2 new"] for d in serial.devices.values())
    assert {again.outcomes[step].reason for step in doubtful} == {"recovered"}
    assert serial.journal.locks() == ()


def test_outside_the_main_thread_no_handler_is_set(serial: Stage) -> None:
    before = signal.getsignal(signal.SIGINT)
    made = serial.made(lambda n: [change(n, "k1")])
    seen = []
    plan = made.plan()
    thread = threading.Thread(
        target=lambda: serial.run(
            plan, on_event=lambda _event: seen.append(signal.getsignal(signal.SIGINT))
        )
    )
    thread.start()
    thread.join()
    assert set(seen) == {before}


# --- cancelling through the journal ---


def test_a_run_is_cancelled_from_elsewhere(serial: Stage) -> None:
    gate = hold(serial)
    with child(serial, "local") as process:
        name = said(process, "run ").split()[1]
        said(process, "step_started")
        serial.journal.request_cancel(name)
        time.sleep(0.5)  # the flag is looked at several times a second
        gate.set()
        assert said(process, "status") == "status cancelled"
    record = serial.journal.record(name)
    assert record.run.status is RunStatus.CANCELLED
    assert NotStarted.INTERRUPTED in {o.reason for o in record.outcomes.values()}
    assert serial.journal.locks() == ()


def test_cancelling_a_dead_run_gives_its_locks_back(serial: Stage) -> None:
    hold(serial)
    with child(serial, "local") as process:
        name = said(process, "run ").split()[1]
        said(process, "step_started")
        process.kill()
        process.wait()
    assert {lock.alive for lock in serial.journal.locks()} == {False}
    serial.journal.request_cancel(name)
    assert serial.journal.locks() == ()
    assert serial.journal.run(name).status is RunStatus.CANCELLED


# --- deaths ---


def test_a_killed_parent_leaves_no_worker(serial: Stage) -> None:
    gate = hold(serial)
    with child(serial, "local") as process:
        name = said(process, "run ").split()[1]
        said(process, "step_started")
        workers = workers_of(process)
        assert workers
        process.kill()
        process.wait()
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    gate.set()
    record = serial.go(serial.journal.record(name).plan, serial.journal.run(name), resume=True)
    assert record.step_counts() == {"changed": 6}
    assert all(d.log == ["set k1 new", "set k2 new"] for d in serial.devices.values())


def test_a_killed_worker_leaves_its_steps_in_doubt_and_the_others_done(serial: Stage) -> None:
    gate = hold(serial)
    with child(serial, "local") as process:
        name = said(process, "run ").split()[1]
        said(process, "step_started")
        wait_for(lambda: all(d.gauge.inside for d in serial.devices.values()))
        (worker,) = workers_of(process)
        os.kill(worker, signal.SIGKILL)
        assert said(process, "status") == "status interrupted"
    gate.set()
    record = serial.journal.record(name)
    assert set(in_doubt(record)) == {f"{n}/role:k1" for n in "abc"}
    for name in "abc":
        lost = record.outcomes[f"{name}/role:k2"]
        assert (lost.status, lost.reason) == (StepStatus.NOT_STARTED, NotStarted.INTERRUPTED)
        assert "its worker ended with code -9" in str(lost.message)


def test_a_worker_that_breaks_is_told_and_its_work_can_be_resumed(local: Stage) -> None:
    made = local.made(lambda n: [change(n, "k1"), collect(n)])
    run = local.journal.open_run(made.plan(), operator="test", request={})
    broken = running.LocalRunner(2, build="tests.unit.running.device:nobody")
    record = local.go(made.plan(), run, runner=broken)
    assert record.run.status is RunStatus.INTERRUPTED
    said = str(record.outcomes["a/role:k1"].message)
    assert said.startswith("its worker ended with code 1; see ")
    log = Path(said.partition("see ")[2])
    assert "nobody" in log.read_text()
    record = local.go(made.plan(), run, resume=True)
    assert record.step_counts() == {"changed": 3, "ok": 3}


@pytest.mark.parametrize(
    "said", [b'..{"msgid": "a torn li', b'{"odd": 1}\n', b'{"msgid": "x", "hint": "", "params": 3}']
)
def test_what_a_worker_says_oddly_breaks_nothing(said: bytes) -> None:
    from dcctl.running.local import _error

    assert _error(said) is None


def test_nothing_is_begun_when_the_log_cannot_be_written(local: Stage) -> None:
    made = local.made(lambda n: [change(n, "k1")])
    plan = made.plan(waves=[["a"], ["b", "c"]])
    run = local.journal.open_run(plan, operator="test", request={})
    blocked = local.journal.shard_folder(run.id, "g001-w0001-s0001") / "events.jsonl"
    blocked.mkdir()
    with pytest.raises(JournalError, match=r"events\.jsonl"):
        local.go(plan, run)
    assert [bool(d.log) for d in local.devices.values()] == [True, False, False]
    blocked.rmdir()
    record = local.go(plan, run, resume=True)
    assert record.step_counts() == {"changed": 3}


# --- a shard by itself ---


def shard_of(stage: Stage, *steps: str) -> Shard:
    """One that changes each device's `steps`, then reads it."""
    made = stage.made(lambda n: [*(change(n, key) for key in steps), collect(n)])
    plan = made.plan(options={"blind": True, "concurrency": 3})
    run = stage.journal.open_run(plan, operator="test", request={})
    return Shard(
        run=run.id,
        id="s1",
        wave=0,
        targets=tuple(made.targets.values()),
        steps=plan.steps,
        folder=str(stage.journal.shard_folder(run.id, "s1")),
        site_root=str(stage.root),
        options=plan.options,
    )


def test_a_shard_that_is_delivered_twice_is_done_once(serial: Stage) -> None:
    shard = shard_of(serial, "k1")
    for _ in range(2):
        running.run_shard(shard, cancelled=lambda: False, build=build, threads=False)
    events = serial.journal.import_run(shard.run)
    assert sum(event.kind is EventKind.STEP_FINISHED for event in events) == 6
    assert all(device.log == ["set k1 new"] for device in serial.devices.values())


def test_a_worker_that_starts_while_the_run_stops_begins_nothing(serial: Stage) -> None:
    """Told with its order: a word that comes behind it would race with the first step."""
    shard = shard_of(serial, "k1", "k2")
    control = Control()
    control.stop(NotStarted.PAUSED)
    runner = running.LocalRunner(1, build=BUILD)
    try:
        runner.carry_out([shard], control, lambda: None, Room(3, {}))
    finally:
        runner.dismiss()
    told = [
        (event.data["outcome"]["status"], event.data["outcome"]["reason"])
        for event in serial.journal.import_run(shard.run)
        if event.kind is EventKind.STEP_FINISHED and "/role:" in event.step
    ]
    assert told == [(StepStatus.NOT_STARTED, NotStarted.PAUSED)] * 6
    assert not any(device.log for device in serial.devices.values())


def test_a_worker_that_nobody_hears_any_more_ends_and_blames_no_step(serial: Stage) -> None:
    # The kernel closes a dying parent's pipes before it kills the children: in between, what a
    # worker tells is a broken pipe, which is nothing that happened to the step it tells of.
    shard = shard_of(serial, "k1", "k2")
    order = {
        "shard": plain.to_plain(shard),
        "answers": {},
        "stop": "",
        "build": BUILD,
        "log": str(Path(shard.folder) / "worker.log"),
    }
    heard, told = os.pipe()
    os.close(heard)
    with subprocess.Popen(
        [sys.executable, "-c", "from dcctl.running import worker; worker.main()"],
        stdin=subprocess.PIPE,
        stdout=told,
        cwd=REPOSITORY,
    ) as process:
        os.close(told)
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()  # and stays open: nothing else tells it that its parent is gone
        assert process.wait(30) != 0
    events = serial.journal.import_run(shard.run)
    assert EventKind.STEP_STARTED in {event.kind for event in events}
    assert EventKind.STEP_FINISHED not in {event.kind for event in events}
    assert not any(device.log for device in serial.devices.values())
