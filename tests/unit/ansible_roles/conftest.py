"""Real Ansible on this machine over a local connection, and over a real sshd on loopback."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dcctl.contracts import Context
from dcctl.executors.ansible_roles import AnsibleRoles
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step, StepKind
from dcctl.model.target import Connection, Target


@dataclass
class Bench:
    """A site folder with roles of its own, and what the executor emitted and kept."""

    root: Path
    options: dict[str, Any] = field(default_factory=dict)
    emitted: list[tuple[EventKind, dict[str, Any]]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    emit: Callable[..., None] | None = None
    cancelled: Callable[[], bool] = lambda: False
    lab: bool = False

    def role(self, name: str, tasks: str, **files: str) -> None:
        """Write a role; `files` are further ones, `handlers_main` for handlers/main.yml."""
        for place, text in {"tasks_main": tasks, **files}.items():
            folder, _, file = place.partition("_")
            path = self.root / "roles" / name / folder / f"{file}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))

    def target(self, name: str, **variables: Any) -> Target:
        """This machine under another name."""
        return Target(
            name=name,
            platform="linux",
            kind="server",
            connection=Connection(address="127.0.0.1"),
            variables={
                "ansible_connection": "local",
                "ansible_python_interpreter": "/usr/bin/python3",
                "folder": str(self.root),
                **variables,
            },
        )

    def context(self) -> Context:
        """What the executor is given."""
        return Context(
            run="run",
            shard="shard",
            folder=str(self.root),
            site_root=str(self.root),
            lab=self.lab,
            options={"roles_path": [str(self.root / "roles")], **self.options},
            emit=self._emit,
            keep=self._keep,
            cancelled=self.cancelled,
        )

    def run(self, steps: Sequence[Step], *targets: Target) -> dict[str, Outcome]:
        """Apply; outcomes by step id, each exactly once."""
        found = list(AnsibleRoles(self.context()).run(steps, {t.name: t for t in targets}))
        assert sorted(outcome.step for outcome in found) == sorted(step.id for step in steps)
        return {outcome.step: outcome for outcome in found}

    def predict(self, steps: Sequence[Step], *targets: Target) -> Any:
        """What check mode says."""
        return AnsibleRoles(self.context()).predict(steps, {t.name: t for t in targets})

    def started(self) -> list[str]:
        """The steps on record as begun."""
        return [data["step"] for kind, data in self.emitted if kind is EventKind.STEP_STARTED]

    def _emit(self, kind: EventKind, **data: Any) -> None:
        self.emitted.append((kind, data))
        if self.emit is not None:
            self.emit(kind, **data)

    def _keep(self, content: str | bytes, **_: Any) -> str:
        self.kept.append(content if isinstance(content, str) else content.decode())
        return f"digest-{len(self.kept)}"


def step(target: str, role: str) -> Step:
    """A role step as the planner makes it."""
    return Step(
        id=f"{target}/role:{role}",
        target=target,
        kind=StepKind.ROLE,
        name=role,
        executor="ansible_roles",
        changes=True,
        settings={"role": role},
    )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty bench."""
    return Bench(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One for tests that share a run."""
    return Bench(tmp_path_factory.mktemp("bench"))


def processes(marker: str) -> list[int]:
    """The processes that carry `marker` on their command line."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in place.read_bytes():
                found.append(int(place.parent.name))
        except OSError:
            continue  # ended meanwhile
    return found


@dataclass(frozen=True)
class Sshd:
    """A real sshd on loopback."""

    port: int
    known_hosts: Path
    key: Path


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """Lets root in by one key, and by root's password, which nobody knows."""
    import socket

    for name in ("host", "client"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True
        )
    (tmp_path / "authorized").write_text((tmp_path / "client.pub").read_text())
    (tmp_path / "authorized").chmod(0o600)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": tmp_path / "host",
        "AuthorizedKeysFile": tmp_path / "authorized",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PermitRootLogin": "yes",
        "PasswordAuthentication": "yes",
    }
    (tmp_path / "sshd_config").write_text("".join(f"{k} {v}\n" for k, v in options.items()))
    Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen(
        ["/usr/sbin/sshd", "-D", "-e", "-f", str(tmp_path / "sshd_config")],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    assert "listening" in server.stderr.readline()
    key = (tmp_path / "host.pub").read_text().split()[:2]
    (tmp_path / "known_hosts").write_text(f"box {key[0]} {key[1]}\n")
    yield Sshd(port, tmp_path / "known_hosts", tmp_path / "client")
    server.terminate()
    server.wait(timeout=10)
    server.stderr.close()
