"""Workers are forked from a nursery: ours to wait for and to kill, and none outlives us."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

import pytest

from dcctl.model.plan import Plan
from dcctl.model.target import Connection, Target
from dcctl.running import nursery as nursery_module
from dcctl.running.local import LocalRunner

PR_GET_CHILD_SUBREAPER = 37


def plan_of(count):
    where = Connection(address="127.0.0.1", port=1, credential="none")
    targets = {
        f"t{n}": Target(name=f"t{n}", platform="frr", kind="router", connection=where)
        for n in range(count)
    }
    return Plan(verb="exec", estate="any", lab=True, targets=targets, steps=(), waves=())


@pytest.fixture
def nursery():
    runner = LocalRunner(2)
    runner.prepare(plan_of(1))
    yield runner._nursery
    runner.dismiss()


@pytest.fixture
def log(tmp_path):
    with (tmp_path / "log").open("wb") as file:
        yield file.fileno()


def stat_of(pid):
    """State, parent, group and session of a process."""
    state, *numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:4]
    return state, *map(int, numbers)


def test_it_is_started_for_targets_alone_and_ended():
    runner = LocalRunner(2)
    runner.prepare(plan_of(0))
    assert runner._nursery is None
    runner.prepare(plan_of(500))
    process = runner._nursery.process
    assert process.poll() is None
    runner.dismiss()
    assert process.returncode is not None
    runner.dismiss()


def test_a_worker_is_our_own_child_and_leads_its_own_session(nursery, log):
    workers = [nursery.worker(log) for _ in range(3)]
    for worker in workers:
        _, parent, group, session = stat_of(worker.pid)
        assert (parent, group, session) == (os.getpid(), worker.pid, worker.pid)
    workers[1].stdin.close()  # one whose parent lets go ends by itself
    assert workers[1].wait() == 0
    os.killpg(workers[0].pid, signal.SIGKILL)
    assert workers[0].wait() == -signal.SIGKILL
    assert stat_of(workers[2].pid)[0] != "Z"
    workers[2].stdin.close()
    assert workers[2].wait() == 0
    for worker in workers:
        assert worker.stdout.read() == b""  # nobody else holds its end: its death is heard
        worker.stdin.close()
        worker.stdout.close()


def test_orphans_of_others_are_not_ours_to_bury(nursery, log):
    worker = nursery.worker(log)
    worker.stdin.close()
    worker.wait()
    adopting = ctypes.c_int(1)
    ctypes.CDLL(None).prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(adopting))
    assert not adopting.value


def test_a_dead_nursery_says_so(nursery, log):
    nursery.process.kill()
    nursery.process.wait()
    with pytest.raises(ChildProcessError):
        nursery.worker(log)


def test_one_that_is_stuck_holds_nobody_up_for_ever(log, monkeypatch):
    monkeypatch.setattr(nursery_module, "PATIENCE_S", 0.2)
    runner = LocalRunner(2)
    runner.prepare(plan_of(1))
    try:
        os.kill(runner._nursery.process.pid, signal.SIGSTOP)
        with pytest.raises(ChildProcessError):
            runner._nursery.worker(log)
    finally:
        runner.dismiss()
