"""Small devices on real sockets, each with its own log on disk, and what drives them."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from socket import create_connection
from typing import Any

from dcctl.contracts import Context
from dcctl.errors import CommandFailed, Unreachable
from dcctl.facts.version import Version
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome, Reading
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.model.target import Connection, Target


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        device: Device = self.server.device  # type: ignore[attr-defined]
        for line in self.rfile:
            answer = device.answer(json.loads(line))
            self.wfile.write(json.dumps(answer).encode() + b"\n")


class Gauge:
    """How many are inside, and how many ever were at once."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self.inside -= 1


class Device:
    """Holds keys and values on disk; every change it makes is a line of its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.busy_s = 0.0  # how long a change takes
        self.gate: threading.Event | None = None  # a change waits for it
        self.gauge = Gauge()
        self._lock = threading.Lock()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.device = self  # type: ignore[attr-defined]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def log(self) -> list[str]:
        path = self.folder / "log"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def state(self) -> dict[str, str]:
        path = self.folder / "state.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def reset(self) -> None:
        for path in self.folder.iterdir():
            path.unlink()

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            if asked["do"] == "set":
                with self.gauge:
                    time.sleep(self.busy_s)
                    if self.gate is not None:
                        self.gate.wait(30)
                if asked["value"] == "reject":
                    with (self.folder / "log").open("a") as log:
                        log.write(f"rejected {asked['key']}\n")
                    return {"error": "% Invalid input"}
                (self.folder / "state.json").write_text(
                    json.dumps(self.state | {asked["key"]: asked["value"]})
                )
                with (self.folder / "log").open("a") as log:
                    log.write(f"set {asked['key']} {asked['value']}\n")
            return {"state": self.state}

    def release(self, target: str) -> None:
        pass

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def devices(folder: Path, *names: str) -> Iterator[dict[str, Device]]:
    made = {name: Device(folder / name) for name in names}
    try:
        yield made
    finally:
        for device in made.values():
            device.close()


class SocketExecutor:
    """contracts.Executor over those sockets; writes down before it sends."""

    name = "socket"
    batches = False

    def __init__(self, context: Context) -> None:
        self.context = context
        self.told_before = bool(context.options.get("told_before", True))

    def ask(self, target: Target, **asked: str) -> dict[str, Any]:
        try:
            with create_connection(("127.0.0.1", target.connection.port), timeout=10) as link:
                link.sendall(json.dumps(asked).encode() + b"\n")
                answer = link.makefile().readline()
        except OSError as error:
            raise Unreachable("{name} can't be reached", name=target.name) from error
        if not answer:
            raise Unreachable("{name} hung up", name=target.name)
        found: dict[str, Any] = json.loads(answer)
        if "error" in found:
            raise CommandFailed("{error}", error=found["error"])
        return found

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        try:
            state = self.ask(target, do="get")["state"]
        except Unreachable as error:
            status = ReadingStatus.UNREACHABLE
            return {t: Reading(topic=t, status=status, message=str(error)) for t in topics}
        digest = self.context.keep(json.dumps(state, sort_keys=True), target=target.name)
        release = str(state.get("release", "1.0"))
        value = Version(os="TestOS", release=release, hostname=target.name)
        parsed = ReadingStatus.PARSED
        return {t: Reading(topic=t, status=parsed, value=value, evidence=(digest,)) for t in topics}

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        for step in steps:
            yield self.one(step, targets[step.target])

    def one(self, step: Step, target: Target) -> Outcome:
        outcome = Outcome(step=step.id, target=step.target, status=StepStatus.OK)
        if not step.changes:
            return replace(outcome, data={"output": self.ask(target, do="get")["state"]})
        lines = self._lines(step, target)
        if not lines and not self.context.options.get("blind"):
            return outcome
        if self.told_before:
            self.context.emit(
                EventKind.STEP_STARTED, target=step.target, step=step.id, durable=True
            )
        try:
            self.ask(target, do="set", key=step.name, value=str(step.settings["value"]))
        except CommandFailed as error:
            return replace(outcome, status=StepStatus.FAILED, message=error.text)
        return replace(outcome, status=StepStatus.CHANGED, changed=lines)

    def _lines(self, step: Step, target: Target) -> tuple[str, ...]:
        wanted = str(step.settings["value"])
        now = self.ask(target, do="get")["state"].get(step.name)
        return () if now == wanted else (f"{step.name}: {now} -> {wanted}",)

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        state = self.ask(target, do="get")["state"]
        return plain.digest({step.name: state.get(step.name, "") for step in steps})

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        return {step.id: self._lines(step, targets[step.target]) for step in steps}

    def release(self, target: str) -> None:
        pass

    def close(self) -> None:
        """Nothing is kept open."""


class BatchExecutor(SocketExecutor):
    """The same, taking many targets at once; notes each call."""

    name = "batch"
    batches = True

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        note = Path(self.context.folder) / "calls"
        with note.open("a") as file:
            file.write(" ".join(step.id for step in steps) + "\n")
        yield from super().run(steps, targets)


def build(name: str, context: Context) -> SocketExecutor:
    return {"socket": SocketExecutor, "batch": BatchExecutor}[name](context)


# --- plans over such devices ---


@dataclass
class Made:
    """Shorthand for building a plan."""

    targets: dict[str, Target]
    steps: list[Step]

    def plan(self, *, waves: Sequence[Sequence[str]] | None = None, **more: Any) -> Plan:
        parts = waves or [list(self.targets)]
        plan = Plan(
            verb="build",
            estate="test",
            lab=True,
            targets=self.targets,
            steps=tuple(self.steps),
            waves=tuple(Wave(index=i, targets=tuple(part)) for i, part in enumerate(parts)),
            **more,
        )
        return replace(plan, hash=plan.content_hash())


def target(name: str, port: int, **more: Any) -> Target:
    connection = Connection(address="127.0.0.1", port=port)
    return Target(name=name, platform="linux", kind="server", connection=connection, **more)


def change(name: str, key: str, value: str = "new", **more: Any) -> Step:
    more.setdefault("executor", "socket")
    return Step(
        id=f"{name}/role:{key}",
        target=name,
        kind=StepKind.ROLE,
        name=key,
        changes=True,
        settings={"value": value},
        **more,
    )


def command(name: str) -> Step:
    return Step(
        id=f"{name}/command:exec",
        target=name,
        kind=StepKind.COMMAND,
        name="exec",
        executor="socket",
        changes=False,
        settings={"command": "show"},
    )


def collect(name: str, *checks: str, **settings: Any) -> Step:
    return Step(
        id=f"{name}/collect:facts",
        target=name,
        kind=StepKind.COLLECT,
        name="facts",
        executor="socket",
        changes=False,
        settings={"topics": ["version"], "checks": list(checks), **settings},
    )
