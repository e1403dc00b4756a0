"""Each known trap of ansible-runner, sprung against the executor."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dcctl.errors import Interrupted, JournalError
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.status import StepStatus
from dcctl.text import N_

from .conftest import Bench, processes, step

SECRET = "{{ 7 * 7 }} staple-battery"
# Runs as a task: tells what anybody on this machine, or a later run, could see of the run.
SPY = """\
import glob, json, os, sys
chain, pid = [], os.getpid()
while pid > 1:
    about = "/proc/%d/" % pid
    command = open(about + "cmdline").read().split("\\0")
    environment = dict(
        line.split("=", 1) for line in open(about + "environ").read().split("\\0") if "=" in line
    )
    chain.append({"command": command, "environment": environment})
    if any(word.endswith("_child.py") for word in command):
        break
    pid = int(open(about + "stat").read().rsplit(")", 1)[1].split()[1])
homes = [item["environment"].get("HOME", "") for item in chain]
home = next(home for home in homes if "dcctl-ansible-" in home)
files = {}
for folder, names, found in os.walk(home):
    for name in names + found:
        path = os.path.join(folder, name)
        if os.path.lexists(path) and not name.endswith((".fifo",)):
            files[os.path.relpath(path, home)] = oct(os.lstat(path).st_mode)
seen = {"chain": chain, "home": home, "mode": oct(os.stat(home).st_mode), "files": files}
seen["command"] = open(glob.glob(home + "/artifacts/*/command")[0]).read()
json.dump(seen, open(sys.argv[1], "w"))
"""


class Spied(NamedTuple):
    """What the spy saw, and how it ended."""

    seen: dict[str, Any]
    outcome: Outcome
    bench: Bench


@pytest.fixture(scope="module")
def spied(shared: Bench) -> Spied:
    (shared.root / "spy.py").write_text(SPY)
    shared.role(
        "spy",
        """\
        - name: Look around
          ansible.builtin.command: /usr/bin/python3 {{ folder }}/spy.py {{ folder }}/seen.json
        - name: Use the secret
          ansible.builtin.copy:
            content: "{{ spy_word }}"
            dest: "{{ folder }}/word"
            mode: "0600"
        - name: Set a fact
          ansible.builtin.set_fact: {spy_report: kept, cacheable: true}
        """,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTRL_SECRET", "controllers-own-secret")
        patch.setenv("SPY_WORD", SECRET)
        outcome = shared.run(
            [step("box", "spy")], shared.target("box", spy_word_secret="env:SPY_WORD")
        )["box/role:spy"]
    assert outcome.status is StepStatus.CHANGED, str(outcome.message)
    return Spied(json.loads((shared.root / "seen.json").read_text()), outcome, shared)


def test_a_secret_reaches_the_task_untemplated(spied: Spied) -> None:
    assert (spied.bench.root / "word").read_text() == SECRET


def test_no_command_line_holds_a_variable(spied: Spied) -> None:
    lines = [" ".join(item["command"]) for item in spied.seen["chain"]]
    assert any("ansible-playbook" in line for line in lines)
    assert [line for line in lines if "staple" in line or "spy_word" in line] == []


def test_the_environment_is_a_whitelist(spied: Spied) -> None:
    for item in spied.seen["chain"]:
        assert "CTRL_SECRET" not in item["environment"]
        assert "SPY_WORD" not in item["environment"]
    assert "controllers-own-secret" not in spied.seen["command"]
    assert "staple" not in spied.seen["command"]


def test_host_keys_are_checked(spied: Spied) -> None:
    checking = [
        item["environment"]["ANSIBLE_HOST_KEY_CHECKING"]
        for item in spied.seen["chain"]
        if "ANSIBLE_HOST_KEY_CHECKING" in item["environment"]
    ]
    assert checking
    assert set(checking) == {"True"}


def test_the_folder_is_private_and_goes_away(spied: Spied) -> None:
    seen = spied.seen
    assert seen["mode"].endswith("700")
    for name in ("secrets.yml", "inventory/hosts.yml", "project/playbook.yml", "args"):
        assert seen["files"][name].endswith("600")
    assert not Path(seen["home"]).exists()
    assert "staple" not in json.dumps(sorted(seen["files"]))


def test_nothing_is_written_for_an_event_and_no_fact_is_cached(spied: Spied) -> None:
    files = spied.seen["files"]
    assert [name for name in files if "job_events/" in name and "partial" not in name] == []
    assert [name for name in files if "fact_cache/" in name] == []
    assert [name for name in files if name.startswith("env/")] == ["env/settings"]
    assert spied.outcome.data == {"report": {"spy": "kept"}}  # facts come by event


def test_ansible_runner_and_its_signal_handlers_stay_outside(spied: Spied) -> None:
    assert "ansible_runner" not in sys.modules
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_run_sees_its_own_variables(bench: Bench) -> None:
    bench.role("say", "- ansible.builtin.set_fact: {say_report: '{{ word }}'}\n")
    told = [
        bench.run([step("box", "say")], bench.target("box", word=word))["box/role:say"].data
        for word in ("one", "two")
    ]
    assert told == [{"report": {"say": "one"}}, {"report": {"say": "two"}}]


def test_a_step_is_on_record_before_its_first_byte(bench: Bench, tmp_path: Path) -> None:
    mark = tmp_path / "touched"
    touch = "- name: Touch\n  ansible.builtin.command: touch {{ folder }}/touched\n"
    bench.role("first", touch)
    seen: list[tuple[bool, bool, list[Path]]] = []

    def watch(kind: EventKind, **data: Any) -> None:
        if kind is EventKind.STEP_STARTED:
            open_gates = list(Path("/dev/shm").glob(f"dcctl-ansible-{os.getpid()}-*/gates/*"))
            seen.append((data["durable"], mark.exists(), open_gates))

    bench.emit = watch
    outcome = bench.run([step("box", "first")], bench.target("box"))["box/role:first"]
    assert outcome.status is StepStatus.CHANGED
    assert seen == [(True, False, [])]
    assert mark.exists()


def test_a_journal_that_fails_ends_the_run_with_its_error(bench: Bench) -> None:
    marker = f"300.{os.getpid()}1"
    bench.role("slow", f"- name: Wait\n  ansible.builtin.command: sleep {marker}\n")

    def full(kind: EventKind, **data: Any) -> None:
        if kind is EventKind.STEP_PROGRESS and data["task"] == "Wait":
            _await(lambda: processes(marker))
            raise JournalError(N_("no space left on device"))

    bench.emit = full
    with pytest.raises(JournalError, match="no space left"):
        bench.run([step("box", "slow")], bench.target("box"))
    _await(lambda: not processes(marker))


def test_cancel_leaves_no_orphan_and_says_what_is_not_known(bench: Bench) -> None:
    marker = f"300.{os.getpid()}2"
    bench.role("slow", f"- name: Wait\n  ansible.builtin.command: sleep {marker}\n")
    bench.role("next", "- ansible.builtin.debug: {msg: x}\n")
    bench.cancelled = lambda: bool(processes(marker))
    steps = [step("box", "slow"), step("box", "next")]
    outcomes = bench.run(steps, bench.target("box"))
    assert outcomes["box/role:slow"].status is StepStatus.ERROR
    assert str(outcomes["box/role:slow"].message).startswith("interrupted half way")
    assert outcomes["box/role:next"].status is StepStatus.NOT_STARTED
    assert outcomes["box/role:next"].reason == "interrupted"
    _await(lambda: not processes(marker))


def test_an_interrupt_while_steps_are_put_on_record_leaves_none_in_doubt(bench: Bench) -> None:
    """The play's gate never opened: no target was touched, whoever was on record already."""
    bench.role("touch", "- ansible.builtin.command: touch {{ folder }}/touched\n")

    def stopping(kind: EventKind, **data: Any) -> None:
        if kind is EventKind.STEP_STARTED and data["target"] == "two":
            raise Interrupted(N_("interrupted"))

    bench.emit = stopping
    steps = [step(name, "touch") for name in ("one", "two", "three")]
    outcomes = bench.run(steps, *(bench.target(name) for name in ("one", "two", "three")))
    told = {(outcome.status, outcome.reason) for outcome in outcomes.values()}
    assert told == {(StepStatus.NOT_STARTED, "interrupted")}
    assert not (bench.root / "touched").exists()


def test_an_ansible_that_dies_is_no_success(bench: Bench) -> None:
    """Without final statistics nobody knows how it ended."""
    bench.role("quiet", "- ansible.builtin.debug: {msg: x}\n")
    bench.role(
        "kill",
        """\
        - name: Kill Ansible
          ansible.builtin.command: /usr/bin/python3 {{ folder }}/kill.py
        """,
    )
    (bench.root / "kill.py").write_text(
        textwrap.dedent("""\
            import os, signal
            pid, oldest = os.getpid(), None
            while pid > 1:
                command = open("/proc/%d/cmdline" % pid).read()
                if "_child.py" in command:
                    break
                oldest = pid if "ansible-playbook" in command else oldest
                pid = int(open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[1])
            os.kill(oldest, signal.SIGKILL)
        """)
    )
    steps = [step("box", "quiet"), step("box", "kill")]
    outcomes = bench.run(steps, bench.target("box"))
    assert outcomes["box/role:quiet"].status is StepStatus.OK  # it was over before
    assert outcomes["box/role:kill"].status is StepStatus.ERROR
    assert "not known" in str(outcomes["box/role:kill"].message)


PARENT = """\
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.unit.ansible_roles.conftest import Bench, step
bench = Bench(Path({root!r}))
bench.run([step("box", "slow")], bench.target("box"))
"""


def test_a_parent_killed_with_9_leaves_neither_ansible_nor_secrets(
    bench: Bench, tmp_path: Path
) -> None:
    marker = f"300.{os.getpid()}3"
    bench.role("slow", f"- name: Wait\n  ansible.builtin.command: sleep {marker}\n")
    program = PARENT.format(path=[path or "." for path in sys.path], root=str(tmp_path))
    parent = subprocess.Popen([sys.executable, "-c", program])
    _await(lambda: processes(marker))
    folders = list(Path("/dev/shm").glob(f"dcctl-ansible-{parent.pid}-*"))
    assert len(folders) == 1
    parent.kill()
    parent.wait()
    _await(lambda: not processes(marker))
    _await(lambda: not processes(folders[0].name))
    _await(lambda: not folders[0].exists())


def _await(condition: Any) -> None:
    """Wait for what must come; 60 s is for a machine that is busy."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
