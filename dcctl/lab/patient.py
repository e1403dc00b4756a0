"""Being inside a real host of the lab: commands as root, past its network and its sshd."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import NotFound
from dcctl.lab import cgroups, control, kernel, layout
from dcctl.lab.commands import LabFailure
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.lab.layout import Blueprint, Host


@dataclass(frozen=True, slots=True)
class Patient:
    """One real host, in the hands of whoever runs commands in it or breaks it."""

    blueprint: Blueprint
    host: Host

    @property
    def folder(self) -> Path:
        """The lab's folder."""
        return Path(self.blueprint.folder)

    def order(self, order: str, **arguments: Any) -> Any:
        """Give the lab's daemon an order about this host."""
        return control.ask(self.blueprint.lab_id, order, name=self.host.name, **arguments)

    def run(self, *argv: str, check: bool = True) -> str:
        """What a command inside says.

        Raises:
            LabFailure: with `check`, it failed.
        """
        done = self.execute(argv)
        if check and done.returncode != 0:
            raise LabFailure(
                N_("{command} failed on {target}: {words}"),
                command=argv[0],
                target=self.host.name,
                words=(done.stderr or done.stdout).strip(),
            )
        return done.stdout + ("" if check else done.stderr)

    def execute(
        self, argv: Sequence[str], *, stdin: str | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside and wait for it."""
        pid = control.ask(self.blueprint.lab_id, "state")["hosts"][self.host.name]["pid"]
        if not pid:
            raise LabFailure(N_("{target} is switched off"), target=self.host.name)
        # As the host itself sees its groups: wherever this machine may have mounted them.
        group = Path("/proc", str(pid), "root/sys/fs/cgroup/inside")
        return subprocess.run(
            ["/usr/bin/nsenter", "--target", str(pid), "--all", "--root", "--wd", "--", *argv],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"},
            timeout=timeout,
            check=False,
            preexec_fn=lambda: _become_a_part_of_the_host(group),
        )


def _become_a_part_of_the_host(group: Path) -> None:
    """End with the host, and be able to do no more than what the host itself started."""
    cgroups.enter(group)
    kernel.drop_capabilities()


def find(folder: Path, target: str) -> Patient | None:
    """The real host that stands for `target`, if there is one."""
    blueprint = layout.read(folder)
    hosts = {host.name: host for host in blueprint.hosts} if blueprint else {}
    return Patient(blueprint, hosts[target]) if blueprint and target in hosts else None


def inside(
    folder: Path,
    target: str,
    argv: Sequence[str],
    *,
    stdin: str | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run `argv` as root inside a real host of the lab, past its network and its sshd.

    Raises:
        NotFound: no such host. LabFailure: it is off, or the lab is not up.
            subprocess.TimeoutExpired.
    """
    patient = find(folder.resolve(), target)
    if patient is None:
        raise NotFound(N_("{target} is no real host of this lab"), target=target)
    return patient.execute(argv, stdin=stdin, timeout=timeout)
