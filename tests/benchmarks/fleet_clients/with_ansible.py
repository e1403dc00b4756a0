"""Ansible's network_cli (paramiko below it), as its documentation uses it: one playbook."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.benchmarks.fleet_devices import ANSWERS, PASSWORD, PORT, USER, address

_PR_SET_CHILD_SUBREAPER = 36
_RECAP = re.compile(r"^\S+ +: ok=(\d+) +changed=0 +unreachable=0 +failed=0 ", re.MULTILINE)


def _playbook() -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    for command, answer in ANSWERS.items():
        lines = len(answer.strip().splitlines())
        tasks += [
            {"ansible.netcommon.cli_command": {"command": command}, "register": "got"},
            {"ansible.builtin.assert": {"that": f"got.stdout.splitlines() | length == {lines}"}},
        ]
    return [{"hosts": "all", "gather_facts": False, "tasks": tasks}]


def _inventory(count: int) -> dict[str, Any]:
    common = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "paramiko",
        "ansible_host_key_checking": False,
        "ansible_user": USER,
        "ansible_password": PASSWORD,
        "ansible_port": PORT,
    }
    hosts = {f"dev{n:05d}": {"ansible_host": address(n)} for n in range(count)}
    return {"all": {"vars": common, "hosts": hosts}}


def main(count: int, forks: int) -> None:
    """Ask everybody; the daemons that hold its connections are ours to count and to end."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    program = Path(sys.executable).with_name("ansible-playbook")
    with tempfile.TemporaryDirectory() as name:
        files = {"play.json": _playbook(), "inventory.json": _inventory(count)}
        for file, content in files.items():
            (Path(name) / file).write_text(json.dumps(content), encoding="ascii")
        done = subprocess.run(
            [str(program), "-f", str(forks), "-i", "inventory.json", "play.json"],
            cwd=name,
            env=os.environ | {"ANSIBLE_HOME": name, "ANSIBLE_NOCOLOR": "1", "HOME": name},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=False,
        )
        _end_the_rest()
    ended = _RECAP.findall(done.stdout.decode())
    print(sum(int(ok) == 2 * len(ANSWERS) for ok in ended))


def _end_the_rest() -> None:
    """End and wait for what the playbook left behind, so that its CPU time is counted."""
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    while left := own.read_text(encoding="ascii").split():
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(int(pid), 0)


if __name__ == "__main__":
    main(int(sys.argv[2]), int(sys.argv[3]))
