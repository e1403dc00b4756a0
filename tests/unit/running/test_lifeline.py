"""A run is taken over only when nobody works for it any more: real processes, kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dcctl.contracts import LIFELINE
from dcctl.errors import Interrupted, LockHeld
from dcctl.executors.ansible_roles import _holding
from dcctl.model.status import RunStatus, StepStatus
from dcctl.running import lifeline
from dcctl.workflows import runs
from dcctl.workflows.services import Services
from tests.unit.running.conftest import Stage
from tests.unit.running.test_stop import child, said

# What outlives its parent, as Ansible does: it holds on to what it inherited until it is killed.
ORPHAN = """
import os, subprocess, sys
subprocess.Popen([sys.executable, *sys.argv[1:]], start_new_session=True)
"""
WORK = "import os, time; print(os.getpid(), flush=True); os.fork(); time.sleep(600)"


@contextmanager
def orphan(folder: Path) -> Iterator[int]:
    """The group of two processes that work for the shard in `folder`; their parent is dead."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", ORPHAN),
            *(_holding.__file__, str(folder / LIFELINE), sys.executable, "-c", WORK),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    group = int(process.stdout.readline())
    process.wait()
    try:
        yield group
    finally:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        process.stdout.close()


def killed(stage: Stage) -> tuple[str, Path]:
    """A run whose process was killed (-9) in the midst of a change, and a shard's folder of it."""
    for device in stage.devices.values():
        device.busy_s = 0.5
    with child(stage, "local") as process:
        run = said(process, "run ").split()[1]
        said(process, "step_started")
        process.kill()
        process.wait()
    for device in stage.devices.values():
        device.busy_s = 0.0
    (shard,) = stage.journal.shard_ids(run)
    return run, stage.journal.shard_folder(run, shard)


def test_a_resume_waits_for_the_last_who_works(local: Stage) -> None:
    name, folder = killed(local)
    record = local.journal.record(name)
    with orphan(folder) as group:
        ended: list[float] = []

        def end_it() -> None:
            time.sleep(0.6)
            os.kill(group, signal.SIGKILL)  # its child goes on
            time.sleep(0.6)
            ended.append(time.monotonic())
            os.killpg(group, signal.SIGKILL)

        thread = threading.Thread(target=end_it)
        thread.start()
        begun: list[float] = []
        again = local.go(
            record.plan, record.run, lambda _event: begun.append(time.monotonic()), resume=True
        )
        thread.join()
    assert begun[0] >= ended[0]
    assert again.run.status is RunStatus.FINISHED
    assert {o.status for o in again.outcomes.values()} == {StepStatus.CHANGED}, again.outcomes


def test_one_that_does_not_end_is_told(local: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    name, folder = killed(local)
    monkeypatch.setattr(lifeline, "PATIENCE_S", 0.3)
    record = local.journal.record(name)
    locked = {lock.name for lock in local.journal.locks()}
    with orphan(folder):
        with pytest.raises(LockHeld, match="is still at work on this machine") as caught:
            local.go(record.plan, record.run, resume=True)
        assert str(folder / LIFELINE) in str(caught.value.hint)
    assert {lock.name for lock in local.journal.locks()} == locked
    assert local.go(record.plan, record.run, resume=True).run.status is RunStatus.FINISHED


def test_a_dead_run_is_not_given_up_while_it_goes_on(
    local: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, folder = killed(local)
    monkeypatch.setattr(lifeline, "PATIENCE_S", 0.3)
    services = Services(root=local.root)
    vars(services)["journal"] = local.journal
    locked = local.journal.locks()
    with orphan(folder), pytest.raises(LockHeld):
        runs.cancel(name, services)
    assert local.journal.locks() == locked
    runs.cancel(name, services)
    assert local.journal.locks() == ()


def test_waiting_can_be_interrupted(local: Stage) -> None:
    name, folder = killed(local)
    record = local.journal.record(name)
    with orphan(folder):
        timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
        timer.start()
        with pytest.raises(Interrupted):
            local.go(record.plan, record.run, resume=True)
        timer.join()
    assert local.events == []
