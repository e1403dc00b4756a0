"""Inventories that only Ansible can read (INI, TOML, programs, plugins), by its own answer.

All sources go through one `ansible-inventory --list --export`, so that constructed groups and the
order of sources come out as Ansible has them. It is told to leave group_vars and host_vars alone:
those are ours to read, with their lines.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import Place
from dcctl.estate.inventory import Inventory, Loop
from dcctl.estate.tree import HOSTS
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.estate.desk import Desk

PATIENCE_S = 300
_FORWARDED = ("PATH", "HOME", "LANG", "LC_ALL", "USER", "SSL_CERT_FILE", "VIRTUAL_ENV")


def read_dynamic(inventory: Inventory, desk: Desk, source: Path, shown: str) -> None:
    """Put what `ansible-inventory` says of `source` into the inventory, or complain."""
    answer = _ask(source)
    if isinstance(answer, str):
        desk.complaints.add(
            Place(shown),
            N_("ansible-inventory can't read it: {reason}"),
            hint=N_("ansible-inventory -i {source} --list says more"),
            reason=answer,
            source=shown,
        )
        return
    meta = answer.pop("_meta", {}).get("hostvars", {})
    for name in answer:
        inventory.group(name)
    for name, content in answer.items():
        _put_group(inventory, desk, shown, name, content)
    for name, variables in meta.items():
        host = inventory.hosts.get(name) or inventory.host(name)
        host.inline.sources.append((shown, ()))
        host.inline.put(variables)


def _put_group(
    inventory: Inventory, desk: Desk, shown: str, name: str, content: dict[str, Any]
) -> None:
    group = inventory.group(name)
    for host in content.get("hosts", ()):
        inventory.join(group, inventory.host(host))
    for child in content.get("children", ()):
        try:
            inventory.link(group, inventory.group(child))
        except Loop:
            desk.complaints.add(
                Place(shown), N_("the group {name} is above itself"), hint=N_("cut the loop"),
                name=child,
            )  # fmt: skip
    variables = dict(content.get("vars", {}))
    group.priority = int(variables.pop("ansible_group_priority", 1))
    group.inline.sources.append((shown, ()))
    group.inline.put(variables)


def _ask(source: Path) -> dict[str, Any] | str:
    """The answer, or why there is none."""
    program = _program()
    if program is None:
        return N_("it is not installed")
    with tempfile.TemporaryDirectory(prefix="dcctl-inventory-") as folder:
        environment = {name: os.environ[name] for name in _FORWARDED if name in os.environ}
        environment |= {
            "ANSIBLE_HOME": folder,
            "ANSIBLE_LOCAL_TEMP": folder,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1",
            "ANSIBLE_VARS_ENABLED": "",
        }
        command = [program, "-i", str(source), "--list", "--export"]
        try:
            # Started in an empty folder: Ansible also reads group_vars of where it is started.
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    if done.returncode:
        return _last_words(done.stderr)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return N_("its answer is not JSON")
    return answer if isinstance(answer, dict) else N_("its answer is not a mapping")


def _last_words(stderr: bytes) -> str:
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("[ERROR]")]
    return (errors or lines or ["?"])[0].removeprefix("[ERROR]:").strip()


def _program() -> str | None:
    beside = Path(sys.executable).parent / "ansible-inventory"
    return str(beside) if beside.is_file() else shutil.which("ansible-inventory")


def source_of(root: Path, shown: str) -> Path:
    """What is given to `-i`: the folder of sources, or the one file."""
    folder = root / HOSTS
    return folder if folder.is_dir() else root / shown
