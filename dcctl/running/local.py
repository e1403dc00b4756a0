"""Shards in worker processes on this machine."""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock, secrets
from dcctl.errors import JournalError
from dcctl.model import plain
from dcctl.model.status import NotStarted
from dcctl.running import bereft
from dcctl.running.nursery import Child, Nursery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dcctl.model.plan import Plan, Shard, Step
    from dcctl.model.target import Target
    from dcctl.running.control import Control
    from dcctl.running.split import Room

LOG = "worker.log"
_LOOK_EVERY_S = 0.1  # of real time: interrupts and time limits are looked at
_IMPORT_EVERY_S = 0.25
_GRACE_S = 30.0  # for a worker to end by itself after an abort: Ansible tidies up on the hosts


@dataclass(slots=True)
class Worker:
    """One running worker."""

    shard: Shard
    process: Child
    deadline: float | None
    said: bytearray = field(default_factory=bytearray)
    told: str = ""  # the reason to stop that it was given
    aborted_at: float | None = None
    killed: bool = False  # by us


class LocalRunner:
    """Worker processes, each with one shard at a time and threads inside.

    Args:
        processes: how many at once; default: one a core, four at the most.
        build: what makes executors inside a worker, as `module:name`.
    """

    in_process = False

    def __init__(self, processes: int = 0, *, build: str = "dcctl.executors:build") -> None:
        self.processes = processes or min(4, os.cpu_count() or 1)
        self._build = build
        self._nursery: Nursery | None = None

    def prepare(self, plan: Plan) -> None:
        """Start the nursery before orders are written: it loads meanwhile what these need."""
        if plan.targets and self._nursery is None:
            self._nursery = Nursery(needs(plan.steps, plan.targets.values()), _environment())

    def dismiss(self) -> None:
        """End the nursery; the next worker would start another."""
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    def carry_out(
        self, shards: Sequence[Shard], control: Control, poll: Callable[[], None], room: Room
    ) -> None:
        """Carry out `shards`; when the journal can't be written, let what runs end, then raise."""
        waiting = list(shards)
        crew = _Crew(control)
        with crew.closing(), _nothing_to_collect():
            while waiting or crew.workers:
                for shard in self._next(waiting, crew, room):
                    waiting.remove(shard)
                    crew.add(self._start(shard, control.stopping()))
                crew.look()
                try:
                    if crew.broken is None and crew.due():
                        poll()
                except JournalError as error:
                    crew.broken = error
                    control.stop(NotStarted.INTERRUPTED)
                if crew.broken is not None or control.aborted():
                    waiting.clear()
        if crew.broken is not None:
            raise crew.broken

    def _next(self, waiting: Sequence[Shard], crew: _Crew, room: Room) -> Iterator[Shard]:
        running = [worker.shard for worker in crew.workers]
        for shard in list(waiting):
            if len(running) >= self.processes:
                return
            if room.fits(shard, running):
                running.append(shard)
                yield shard

    def _start(self, shard: Shard, stop: str) -> Worker:
        order = {
            "shard": plain.to_plain(shard),
            "answers": answers(shard.options, Path(shard.site_root)),
            "stop": stop,
            "build": self._build,
            "log": str(Path(shard.folder) / LOG),
        }
        child = self._worker(shard)
        limit = (shard.options.get("timeouts") or {}).get("shard")
        deadline = clock.monotonic() + float(limit) if limit else None
        worker = Worker(shard, child, deadline, told=stop)
        _say(worker, json.dumps(order))
        return worker

    def _worker(self, shard: Shard) -> Child:
        file = Path(shard.folder) / LOG
        log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if self._nursery is not None:
                with suppress(ChildProcessError):  # it was killed: another one may live
                    return self._nursery.worker(log)
                self.dismiss()
            self._nursery = Nursery(needs(shard.steps, shard.targets), _environment())
            return self._nursery.worker(log)
        finally:
            os.close(log)


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Estate, plan and modules stay: garbage is looked for in what comes while workers work."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Crew:
    """The workers that run now."""

    def __init__(self, control: Control) -> None:
        self.workers: list[Worker] = []
        self.broken: JournalError | None = None
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._imported = 0.0
        self._urgent = False

    def add(self, worker: Worker) -> None:
        self.workers.append(worker)
        self._selector.register(worker.process.stdout, selectors.EVENT_READ, worker)

    def closing(self) -> _Closing:
        return _Closing(self)

    def look(self) -> None:
        """Wait a moment for news, pass on what the run wants, and clear away who has ended."""
        for key, _ in self._selector.select(_LOOK_EVERY_S):
            data = os.read(key.fd, 65536)
            if data:
                self._urgent = self._urgent or b"!" in data
                key.data.said += data.lstrip(b".!")
            else:
                self._ended(key.data)
        for worker in self.workers:
            self._pass_on(worker)
            self._watch_time(worker)

    def _pass_on(self, worker: Worker) -> None:
        reason = self._control.stopping()
        if reason and worker.told != reason:
            worker.told = reason
            _say(worker, f"stop {reason}")
        if self._control.aborted() and worker.aborted_at is None:
            worker.aborted_at = clock.monotonic()
            _say(worker, "abort")

    def _watch_time(self, worker: Worker) -> None:
        now = clock.monotonic()
        late = worker.deadline is not None and now > worker.deadline
        stubborn = worker.aborted_at is not None and now > worker.aborted_at + _GRACE_S
        if late or stubborn:
            _kill(worker)  # its steps under way stay in doubt, and the run can be resumed

    def _ended(self, worker: Worker) -> None:
        self._selector.unregister(worker.process.stdout)
        self.workers.remove(worker)
        code = worker.process.wait()
        for pipe in (worker.process.stdin, worker.process.stdout):
            with suppress(OSError):
                pipe.close()
        error = _error(bytes(worker.said))
        if error is None and code and not worker.killed:
            try:
                bereft.tell(worker.shard, code, LOG)
            except JournalError as caught:
                error = caught
        if error is not None:
            self.broken = self.broken or error
            self._control.stop(NotStarted.INTERRUPTED)

    def due(self) -> bool:
        """Whether it is time to import: at once for what is durable, else once in a while.

        Each import costs the disk a write, whatever came.
        """
        now = clock.monotonic()
        if not self._urgent and now - self._imported < _IMPORT_EVERY_S:
            return False
        self._urgent, self._imported = False, now
        return True

    def end(self) -> None:
        for worker in list(self.workers):
            _kill(worker)
            self._ended(worker)
        self._selector.close()


class _Closing:
    """Leaves no worker behind."""

    def __init__(self, crew: _Crew) -> None:
        self._crew = crew

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        self._crew.end()


def needs(steps: Iterable[Step], targets: Iterable[Target]) -> tuple[str, ...]:
    """What a worker loads for these, as `worker.load` takes it."""
    executors = {f"executor:{step.executor}" for step in steps}
    platforms = {f"platform:{target.platform}" for target in targets if target.platform}
    return (*sorted(executors), *sorted(platforms))


def answers(options: Mapping[str, Any], base: Path) -> dict[str, str]:
    """What workers can't ask for: asked here once, and handed over through a pipe."""
    found: dict[str, str] = {}
    for reference in _references(options.get("credentials") or {}):
        if reference.source == "prompt":
            found[reference.name] = secrets.resolve(reference, base=base).reveal()
    return found


def _references(data: Any) -> Iterator[secrets.SecretRef]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _references(value)
    elif isinstance(data, str) and data.startswith("prompt:"):
        yield secrets.SecretRef.parse(data)


def _environment() -> dict[str, str]:
    """Ours, with the way to our modules and with the clock that is in use."""
    found = dict(os.environ)
    found["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    now = clock.current()
    if isinstance(now, clock.AcceleratedClock):
        found[clock.VARIABLE] = f"accelerated:{now.factor}@{now.origin.isoformat()}"
    return found


def _say(worker: Worker, line: str) -> None:
    with suppress(BrokenPipeError):  # it has ended: its log tells how far it came
        worker.process.stdin.write(line.encode("utf-8") + b"\n")
        worker.process.stdin.flush()


def _kill(worker: Worker) -> None:
    """The worker and what it started in its session."""
    worker.killed = True
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(worker.process.pid, signal.SIGKILL)


def _error(said: bytes) -> JournalError | None:
    """What a worker said before it gave up, if it did; a torn or odd line says nothing."""
    for line in said.splitlines():
        text = line.strip(b".!")
        if text.startswith(b"{"):
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(text)
                return JournalError(told["msgid"], hint=told["hint"], **told["params"])
    return None
