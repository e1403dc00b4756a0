"""The controller is killed (-9) while Ansible works: a resume begins when Ansible has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dcctl import running
from dcctl.journal import Journal
from dcctl.model.status import RunStatus, StepStatus
from tests.unit.ansible_roles.conftest import Bench, processes
from tests.unit.running.test_stop import wait_for

REPOSITORY = Path(__file__).parents[3]
SLOW = """
- name: Work
  ansible.builtin.shell: |
    echo $$ >> {{ folder }}/begun
    while [ ! -e {{ folder }}/go ]; do sleep 0.05; done
    echo done >> {{ folder }}/log
  args:
    creates: "{{ folder }}/log"
"""


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def killed(bench: Bench) -> Iterator[str]:
    """A controller killed while its Ansible is stopped; what the command lines of that hold."""
    bench.role("slow", SLOW)
    controller = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.ansible_roles.run_child", str(bench.root)],
        cwd=REPOSITORY,
    )
    others: list[int] = []
    try:
        wait_for((bench.root / "begun").exists)
        (worker,) = (
            pid
            for pid in children(controller.pid)
            if Path(f"/proc/{pid}/comm").read_text() == "dcctl-worker\n"
        )
        mark = f"dcctl-ansible-{worker}-"
        (child,) = (pid for pid in processes(mark) if pid in children(worker))
        others = [pid for pid in processes(mark) if pid != child]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        controller.kill()
        wait_for(lambda: not Path(f"/proc/{worker}").exists())
        os.kill(child, signal.SIGKILL)
        assert processes(mark)  # Ansible's terminal is gone, but not who works on a task
        yield mark
    finally:
        controller.kill()
        controller.wait()
        for pid in set(others) & set(processes(mark)):
            os.kill(pid, signal.SIGKILL)


def test_a_resume_waits_for_an_ansible_that_is_slow_to_die(bench: Bench, killed: str) -> None:
    left: list[list[int]] = []

    def release() -> None:
        time.sleep(0.5)
        assert left == []
        (bench.root / "go").touch()
        for pid in processes(killed):
            os.kill(pid, signal.SIGCONT)

    thread = threading.Thread(target=release)
    thread.start()
    with Journal.open("sqlite:///.dcctl/journal.db", root=bench.root) as journal:
        record = journal.record("latest")
        running.run(
            record.plan,
            record.run,
            journal,
            runner=running.LocalRunner(1),
            on_event=lambda _event: left.append(processes(killed)),
            site_root=bench.root,
            resume=True,
        )
        thread.join()
        record = journal.record("latest")
    assert left[0] == []
    assert record.run.status is RunStatus.FINISHED
    assert record.outcomes["one/role:slow"].status is StepStatus.CHANGED
    assert (bench.root / "log").read_text() == "done\n"
