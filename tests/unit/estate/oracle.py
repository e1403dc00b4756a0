"""What Ansible itself says: `ansible-inventory --list`, and which hosts its patterns stand for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

# What `ansible-inventory --limit` calls for each pattern, for many patterns in one process.
_PATTERNS = """
import json, sys
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.errors import AnsibleError

manager = InventoryManager(DataLoader(), sources=[sys.argv[1]])
answers = []
for pattern in json.load(sys.stdin):
    try:
        manager.subset(pattern)
        answers.append([host.name for host in manager.get_hosts("all")])
    except AnsibleError as error:
        answers.append(str(error))
    finally:
        manager.subset(None)
json.dump(answers, sys.stdout)
"""


def listing(source: Path, workdir: Path, *arguments: str) -> tuple[dict, str]:
    """The parsed answer of `ansible-inventory --list`, and what it said beside it."""
    program = Path(sys.executable).parent / "ansible-inventory"
    done = _run([str(program), "-i", str(source), "--list", *arguments], workdir)
    return json.loads(done.stdout), done.stderr


def matches(source: Path, workdir: Path, patterns: list[str]) -> list[list[str] | str]:
    """For each pattern the hosts in the inventory's order, or Ansible's error."""
    command = [sys.executable, "-c", _PATTERNS, str(source)]
    return json.loads(_run(command, workdir, json.dumps(patterns)).stdout)


def _run(command: list[str], workdir: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    workdir.mkdir(exist_ok=True)  # fixed and empty: Ansible also reads group_vars of where it is
    environment = {
        **os.environ,
        "ANSIBLE_HOME": str(workdir),
        "ANSIBLE_LOCAL_TEMP": str(workdir / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
    }
    return subprocess.run(
        command,
        cwd=workdir,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )


def all_hosts(answer: dict, group: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The hosts of a group of the listing, those of its children included."""
    content = answer.get(group, {})
    found = set(content.get("hosts", ()))
    for child in set(content.get("children", ())) - seen:
        found |= all_hosts(answer, child, seen | {group})
    return found
