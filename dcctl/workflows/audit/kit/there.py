"""There: read what a kit asks for, and pack what was answered; no site and no journal is needed.

The work goes on where it ended: started again, it reads what was not read well before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import __version__, clock, executors
from dcctl.errors import InvalidInput, Refused
from dcctl.executors import notary
from dcctl.journal.fold import fold, in_order
from dcctl.journal.shardlog import read_log
from dcctl.model.event import Event
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Plan, Wave
from dcctl.model.record import Run
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.running.control import Control, interrupts
from dcctl.running.local import answers
from dcctl.running.shard import run_shard
from dcctl.running.split import Share, make_shards
from dcctl.text import N_
from dcctl.workflows.audit.kit import order as orders
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit.make import there
from dcctl.workflows.audit.kit.packing import pack

if TYPE_CHECKING:
    from dcctl.contracts import Context, Executor
    from dcctl.model.plan import Shard
    from dcctl.workflows.audit.kit.order import Kit, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """Which kit, where the result goes, and who signs it."""

    kit: Path
    out: Path
    folder: Path | None = None  # of the work; None: dcctl-kit-RUN in the working directory
    key: Path | None = None  # of the evidence log: operator's or witness's


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was read, and the file that holds it; `path` is None where it was interrupted."""

    run: str
    outcomes: tuple[Outcome, ...]
    path: Path | None
    seal: str = ""
    signed: str = ""  # by this key


def read(
    request: ReadRequest,
    *,
    on_event: Callable[[Event], None],
    build: Callable[[str, Context], Executor] = executors.build,
) -> Brought:
    """Read the kit's targets, and pack what was answered.

    Raises:
        InvalidInput: the kit is none or damaged, the clock is before it, or the result can't be
            written. Refused: it was made by another version. JournalError: the folder is full.
    """
    kit = orders.read(request.kit)
    _require_fitting(kit.order)
    key = notary.load_key(request.key) if request.key else None
    folder = (request.folder or Path.cwd() / f"dcctl-kit-{kit.order.run}").absolute()
    work = _Work(kit, folder, on_event, build)
    work.go()
    outcomes = work.outcomes()
    if any(one.reason == NotStarted.INTERRUPTED for one in outcomes):
        return Brought(run=kit.order.run, outcomes=outcomes, path=None)
    seal = pack(kit, work.logs, work.shards(), request.out, key)
    signed = key.public.name if key else ""
    return Brought(run=kit.order.run, outcomes=outcomes, path=request.out, seal=seal, signed=signed)


def _require_fitting(order: Order) -> None:
    if order.dcctl != __version__:
        raise Refused(
            N_("the kit was made by dcctl {made}, and this is {version}"),
            hint=N_("start it as it is: python3 KIT -O result.zip"),
            made=order.dcctl,
            version=__version__,
        )
    now = clock.now()
    if now < datetime.fromisoformat(order.made_at):
        raise InvalidInput(
            N_("this machine's clock says {now}, and the kit was made at {made}"),
            hint=N_("set the clock first: evidence from before its kit is refused at home"),
            now=now.isoformat(timespec="seconds"),
            made=order.made_at,
        )


class _Work:
    """The folder of a kit's work: a log a shard, with its evidence."""

    def __init__(
        self,
        kit: Kit,
        folder: Path,
        on_event: Callable[[Event], None],
        build: Callable[[str, Context], Executor],
    ) -> None:
        self.kit, self.folder = kit, folder
        self._on_event, self._build = on_event, build
        try:
            self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._known_hosts = folder / orders.KNOWN_HOSTS
            self._known_hosts.write_bytes(kit.known_hosts)
            self._authorities = folder / orders.AUTHORITIES
            self._authorities.write_bytes(kit.authorities)
        except OSError as error:
            raise InvalidInput(
                N_("{path} can't be written: {reason}"), path=str(folder), reason=error.strerror
            ) from error

    @property
    def logs(self) -> Path:
        """Beside it lies the key of the redactions, as beside a journal."""
        return self.folder / "shards" / self.kit.order.run

    def shards(self) -> list[str]:
        """The shards that have a log."""
        found = (path.name for path in self.logs.iterdir() if (path / results.EVENTS).is_file())
        return sorted(found)

    def events(self) -> list[Event]:
        """All that was written down so far, in order."""
        return in_order(event for name in self.shards() for event in read_log(self._log(name))[0])

    def _log(self, shard: str) -> Path:
        return self.logs / shard / results.EVENTS

    def outcomes(self) -> tuple[Outcome, ...]:
        """How each step ended."""
        states = fold(self.events())
        found = (states.get(step.id) for step in self.kit.order.steps)
        return tuple(
            state.outcome
            if state is not None and state.outcome is not None
            else Outcome(
                step=step.id,
                target=step.target,
                status=StepStatus.NOT_STARTED,
                reason=NotStarted.INTERRUPTED.value,
            )
            for step, state in zip(self.kit.order.steps, found, strict=True)
        )

    def go(self) -> None:
        """Read what was not read well yet."""
        control = Control()
        with interrupts(control, _give_up):
            try:
                for shard in self._waiting():
                    if control.stopping():
                        return
                    self._carry_out(shard, control)
            except KeyboardInterrupt:
                if not control.aborted():
                    raise

    def _waiting(self) -> tuple[Shard, ...]:
        order, states = self.kit.order, fold(self.events())
        pending = [s for s in order.steps if s.id not in states or not states[s.id].good]
        generations = (int(name.partition("-")[0][1:]) for name in self.shards())
        files = str(self._known_hosts), str(self._authorities)
        targets = {one.name: there(one, *files) for one in order.targets}
        plan = Plan(
            verb="audit",
            estate=order.estate,
            lab=order.lab,
            targets=targets,
            steps=order.steps,
            waves=(Wave(index=1, targets=tuple(targets)),),
            options=order.options,
            hash=order.plan,
        )
        # Asked for here, where somebody can be asked, and not from a thread.
        answers(order.options, self.folder)
        share = Share(
            plan=plan,
            run=Run(id=order.run, verb="audit", status=RunStatus.RUNNING, plan_hash=order.plan),
            wave=1,
            generation=1 + max(generations, default=0),
            processes=1,
            site_root=str(self.folder),
            folder=self._shard_folder,
            resume={},
            done=frozenset(name for name, state in states.items() if state.good),
        )
        return make_shards(share, pending) if pending else ()

    def _shard_folder(self, shard: str) -> Path:
        folder = self.logs / shard
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _carry_out(self, shard: Shard, control: Control) -> None:
        tail = _Tail(self._log(shard.id), self._on_event)
        run_shard(
            shard,
            cancelled=control.aborted,
            stopping=control.stopping,
            build=self._build,
            after_emit=tail.look,
        )
        tail.look()


def _give_up() -> None:
    raise KeyboardInterrupt


class _Tail:
    """Tells what a log has got since it was looked at last."""

    def __init__(self, path: Path, on_event: Callable[[Event], None]) -> None:
        self._path, self._on_event = path, on_event
        self._offset = self._sequence = 0
        self._lock = threading.Lock()

    def look(self, *_durable: bool) -> None:
        """Read what is new; a thread that finds another one reading leaves it to that."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            events, self._offset = read_log(self._path, offset=self._offset, after=self._sequence)
            self._sequence += len(events)
            for event in events:
                self._on_event(event)
        finally:
            self._lock.release()
