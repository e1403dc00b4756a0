"""The private folder of one Ansible run: inventory, playbook, settings, secrets.

Made new for each run and removed always.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import yaml

from dcctl.contracts import LIFELINE
from dcctl.errors import DcctlError
from dcctl.executors._beneath import host_of
from dcctl.executors._passage import Passage
from dcctl.executors.ansible_roles._inventory import Unsafe, host_variables, uses_agent
from dcctl.executors.ansible_roles._plays import LOST_HANDLERS, handlers, in_doubt, roles_path
from dcctl.executors.ansible_roles._process import die_with_parent, holding, playbook_program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from dcctl.contracts import Context
    from dcctl.executors.ansible_roles._plays import Play
    from dcctl.model.target import Target

_PREFIX = "dcctl-ansible-"
_GATE_WAIT_S = 3600
_MOST_FORKS = 20


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base class's signature
        return True


_Dumper.add_representer(
    Unsafe, lambda dumper, value: dumper.represent_scalar("!unsafe", str(value))
)


@dataclass(slots=True)
class Workspace:
    """A folder that only we can read, on memory where the machine has it.

    A new one for every run: runner never overwrites what an earlier run left in `env/`.
    `refused` are targets that can't be given to Ansible (a secret that isn't there, say).
    """

    context: Context
    plays: Sequence[Play]
    targets: Mapping[str, Target]
    check: bool = False
    folder: Path = field(init=False)
    agent: bool = field(init=False, default=False)
    refused: dict[str, DcctlError] = field(init=False, default_factory=dict)
    _passages: list[Passage] = field(init=False, default_factory=list)

    def __enter__(self) -> Self:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_memory()))
        try:
            self._fill()
        except BaseException:
            self._close_passages()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._close_connections()
        finally:
            self._close_passages()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def lifeline(self) -> Path:
        """The file whose lock says that somebody works for the shard."""
        return Path(self.context.folder) / LIFELINE

    def open_gate(self, play: Play) -> None:
        """Let `play` begin."""
        (self.folder / "gates" / str(play.index)).touch()

    def _fill(self) -> None:
        for name in ("inventory", "env", "gates", "project", "cp", "hop", "home"):
            (self.folder / name).mkdir(mode=0o700)
        hosts: dict[str, Any] = {}
        secrets: dict[str, Any] = {}
        for name, target in self.targets.items():
            try:
                host = host_of(target, self.context.options)
                through = self._through(host)
                hosts[name], secrets[name] = host_variables(
                    host, self.context, self.folder, through
                )
                self.agent = self.agent or uses_agent(host, self.context)
            except DcctlError as error:
                self.refused[name] = error
        self._write("inventory/hosts.yml", {"all": {"hosts": hosts}})
        self._write("secrets.yml", {"dcctl_secrets": secrets})
        self._write(
            "project/playbook.yml", [part for play in self.plays for part in self._parts(play)]
        )
        self._write("env/settings", {"pexpect_timeout": 1, "suppress_output_file": True})
        self._text("ansible.cfg", self._configuration())
        self._text("args", shlex.join(self._command()))

    def _through(self, host: Target) -> list[str]:
        """The program that leads ssh past the jump hosts of `host`, if it has any."""
        if not host.connection.jump:
            return []
        passage = Passage(
            self.folder / "hop" / str(len(self._passages)),
            host.connection,
            self.context.options,
            base=Path(self.context.site_root),
        )
        self._passages.append(passage)
        return passage.command()

    def _command(self) -> list[str]:
        """Ansible's command line, which runner reads from `args`; `ps` shows it: no values."""
        command = [*die_with_parent(), *holding(self.lifeline), playbook_program()]
        command += ["-i", str(self.folder / "inventory")]
        command += ["-e", f"@{self.folder / 'secrets.yml'}"]
        if self.check:
            command += ["--check", "--diff", "-v"]  # -v: else a skip does not say why
        return [*command, str(self.folder / "project/playbook.yml")]

    def _parts(self, play: Play) -> list[dict[str, Any]]:
        hosts = [name for name in play.steps if name not in self.refused]
        if not hosts:
            return []
        main: dict[str, Any] = {
            "name": play.name,
            "hosts": hosts,
            "gather_facts": False,
            # A service whose file changed is restarted although a later task failed: else the next
            # run finds the file in order and never restarts it.
            "force_handlers": True,
            "roles": [{"role": play.role}],
        }
        lost = in_doubt(play)
        if lost:
            main["post_tasks"] = self._lost_handlers(play.role, lost)
        if self.check:
            # What fails here may follow from a change that was only predicted.
            return [{**main, "ignore_errors": True}]
        wait = {"path": str(self.folder / "gates" / str(play.index)), "timeout": _GATE_WAIT_S}
        gate = {
            "name": play.gate,
            "hosts": ["localhost"],
            "connection": "local",
            "gather_facts": False,
            "become": False,
            "tasks": [{"name": "Wait for the record", "ansible.builtin.wait_for": wait}],
        }
        return [gate, main]

    def _lost_handlers(self, role: str, targets: list[str]) -> list[dict[str, Any]]:
        """Run a role's handlers again: a process that died may have changed a file and no more."""
        names = handlers(role, roles_path(self.context))
        task = {
            "name": LOST_HANDLERS,
            "ansible.builtin.debug": {"msg": "begun before, end unknown"},
            "changed_when": True,
            "when": f"inventory_hostname in {json.dumps(targets)}",
            "notify": names,
        }
        return [task] if names else []

    def _configuration(self) -> str:
        options = self.context.options
        timeouts = options.get("timeouts") or {}
        forks = (options.get("ansible") or {}).get("forks") or min(len(self.targets), _MOST_FORKS)
        roles = os.pathsep.join(map(str, roles_path(self.context)))
        defaults = {
            "roles_path": roles,
            "forks": max(1, int(forks)),
            "timeout": int(timeouts.get("connect") or 10),
            "task_timeout": int(timeouts.get("step") or 0),
            "host_key_checking": True,
            "nocolor": True,
            "interpreter_python": "/usr/bin/python3",
            "local_tmp": self.folder / "home/tmp",
            "deprecation_warnings": False,
            "retry_files_enabled": False,
            "inject_facts_as_vars": False,
            "fact_caching": "memory",
            "action_warnings": True,
        }
        ssh = {
            "pipelining": True,
            "control_path_dir": self.folder / "cp",
            "ssh_args": "-o ControlMaster=auto -o ControlPersist=60s",
            "retries": 0,
        }
        lines: list[str] = []
        for section, values in (("defaults", defaults), ("ssh_connection", ssh)):
            lines += [
                f"[{section}]",
                *(f"{key} = {value}".replace("%", "%%") for key, value in values.items()),
            ]
        return "\n".join([*lines, ""])

    def _write(self, name: str, data: Any) -> None:
        self._text(name, yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False))

    def _text(self, name: str, text: str) -> None:
        descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def _close_passages(self) -> None:
        for passage in self._passages:
            passage.close()

    def _close_connections(self) -> None:
        """End the shared SSH connections, which outlive Ansible."""
        try:
            sockets = list((self.folder / "cp").iterdir())
        except OSError:
            return
        ssh = shutil.which("ssh") or "ssh"
        for socket in sockets:
            # One that hangs ends by itself after ControlPersist; what was done is done.
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(
                    [ssh, "-O", "exit", "-o", f"ControlPath={socket}", "closing"],
                    capture_output=True,
                    check=False,
                    timeout=10,
                )


def _memory() -> str | None:
    shared = "/dev/shm"  # noqa: S108 - memory, so that a secret never reaches a disk; the folder is 0700
    return shared if os.access(shared, os.W_OK | os.X_OK) else None


def _sweep() -> None:
    """Remove what a process of ours that was killed with -9 may have left."""
    for folder in Path(_memory() or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        match = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        if match and not Path(f"/proc/{match[1]}").exists() and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)
