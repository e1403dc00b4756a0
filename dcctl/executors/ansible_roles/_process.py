"""Starts the child that runs Ansible, streams its events, and ends it without leaving an orphan."""

from __future__ import annotations

import fcntl
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import Interrupted, MissingDependency
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from dcctl.executors.ansible_roles._workspace import Workspace

_POLL_S = 0.25
_PATIENCE_S = 25.0  # longer than the child's own grace
# All that Ansible sees of our environment; nothing else reaches its disk, its argv or a target.
_PASSED_ON = ("PATH", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


def environment(private: Path, *, agent: bool) -> dict[str, str]:
    """The whole environment of the child."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    if agent and "SSH_AUTH_SOCK" in os.environ:
        passed["SSH_AUTH_SOCK"] = os.environ["SSH_AUTH_SOCK"]
    programs = f"{Path(sys.executable).parent}{os.pathsep}{passed.get('PATH', os.defpath)}"
    return {
        **passed,
        "PATH": programs,
        "HOME": str(private),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(private / "ansible.cfg"),
        "ANSIBLE_HOST_KEY_CHECKING": "True",  # runner switches it off where it is not set
        "ANSIBLE_HOME": str(private / "home"),
        "PYTHONUNBUFFERED": "1",
    }


def die_with_parent() -> list[str]:
    """What comes before a command that must get SIGTERM when its parent dies, however it dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def holding(file: Path) -> list[str]:
    """What comes before a command that holds the lock of `file` while anything of it lives."""
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("_holding.py")), str(file)]


def playbook_program() -> str:
    """The `ansible-playbook` that belongs to this Python, else the one on the path."""
    beside = Path(sys.executable).parent / "ansible-playbook"
    found = str(beside) if beside.exists() else shutil.which("ansible-playbook")
    if found is None:
        raise MissingDependency(
            N_("ansible-playbook is not installed"), hint=N_("pip install ansible-core")
        )
    return found


def events(
    workspace: Workspace, cancelled: Callable[[], bool]
) -> Generator[Mapping[str, Any], None, None]:
    """Run the workspace's playbook; its events as they come. Closing the iterator ends Ansible.

    Raises:
        Interrupted: `cancelled` said so; Ansible has ended by then.
    """
    # -I: neither the current folder nor PYTHON* variables decide what is imported.
    command = [*die_with_parent(), sys.executable, "-I", str(Path(__file__).with_name("_child.py"))]
    with (
        (workspace.folder / "stderr").open("wb") as stderr,
        workspace.lifeline.open("ab") as lifeline,
    ):
        fcntl.flock(lifeline, fcntl.LOCK_SH)
        child = subprocess.Popen(
            [*command, str(workspace.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment(workspace.folder, agent=workspace.agent),
            cwd=workspace.folder,
            pass_fds=[lifeline.fileno()],
            start_new_session=True,  # an interrupt of the terminal goes to us, not past us
        )
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
    reader.start()
    try:
        while True:
            if cancelled():
                raise Interrupted(N_("interrupted"))
            try:
                line = lines.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if line is None:
                return
            yield json.loads(line)
    finally:
        _end(child)
        reader.join(timeout=_PATIENCE_S)


def _read(stream: Any, lines: queue.SimpleQueue[bytes | None]) -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(None)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin:
        child.stdin.close()  # the child ends Ansible gently when it sees this
    try:
        child.wait(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
