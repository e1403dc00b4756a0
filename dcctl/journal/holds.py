"""Who holds what in a journal: locks, and what running runs are asked for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from dcctl import clock
from dcctl.journal import locks
from dcctl.journal.logged import Logged
from dcctl.journal.schema import controls, runs
from dcctl.model.status import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import BindParameter, Connection, Select

_PAUSE, _GO_ON = "pause", "go_on"
_UNENDED = (RunStatus.RUNNING.value, RunStatus.INTERRUPTED.value, RunStatus.AWAY.value)


@dataclass(frozen=True, slots=True)
class Control:
    """Something that a running run was asked for: cancel, abort, pause, go_on."""

    kind: str
    at: str
    operator: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run has to heed."""

    cancel: int  # 0: go on. 1: start nothing new. 2: abort
    pause: bool  # by the last that was asked of it


class Holds(Logged):
    """A journal's locks, and what its runs are asked for."""

    @contextmanager
    def lock(self, names: Sequence[str], owner: str) -> Iterator[None]:
        """Hold all of `names` inside the block.

        Raises:
            LockHeld: somebody else holds one of them.
        """
        self.take_locks(names, owner)
        try:
            yield
        finally:
            self.release_locks(owner, names)

    def take_locks(self, names: Sequence[str], owner: str) -> None:
        """Take all of `names`, or none; what a dead process of the same owner held passes over."""
        with self._writing() as connection:
            locks.take(connection, names, owner)

    def take_run(self, run_id: str) -> None:
        """Become the one process that carries out this run.

        Raises:
            LockHeld: another one does, and lives.
        """
        self.take_locks([locks.of_run(run_id)], run_id)

    def release_locks(self, owner: str, names: Iterable[str] | None = None) -> None:
        """Give back these locks of `owner` (default: all of them)."""
        with self._writing() as connection:
            locks.release(connection, owner, names)

    def heartbeat(self, owner: str) -> None:
        """Say that `owner` still lives."""
        with self._writing() as connection:
            locks.heartbeat(connection, owner)

    def locks(self) -> tuple[locks.Lock, ...]:
        """Every lock that somebody holds."""
        with self._reading() as connection:
            return locks.held(connection)

    def request_cancel(self, run_id: str, *, abort: bool = False, operator: str = "") -> None:
        """Ask whoever carries it out to stop: to start nothing new, or to abort at once.

        A run that nobody carries out is cancelled here, and its locks are given back.
        """
        with self._writing() as connection:
            _write_down(connection, run_id, "abort" if abort else "cancel", operator)
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(cancel=2 if abort else 1)
            )
            held = locks.held(connection, [locks.of_run(run_id)])
            if not any(lock.alive for lock in held):
                connection.execute(
                    update(runs)
                    .where(runs.c.id == run_id, runs.c.status.in_(_UNENDED))
                    .values(status=RunStatus.CANCELLED.value, finished_at=clock.now().isoformat())
                )
                locks.release(connection, run_id)

    def asked_of(self, run_id: str) -> Asked:
        """What a run that goes on has to heed now."""
        with self._reading() as connection:
            cancel, last = connection.execute(_asked(), {"asked": run_id}).one()
        return Asked(cancel=int(cancel), pause=last == _PAUSE)

    def request_pause(self, run_id: str, *, operator: str = "") -> None:
        """Ask whoever carries it out to begin no further target until `request_go_on`."""
        with self._writing() as connection:
            _write_down(connection, run_id, _PAUSE, operator)

    def request_go_on(self, run_id: str, *, operator: str = "") -> None:
        """Take a request to pause back."""
        with self._writing() as connection:
            _write_down(connection, run_id, _GO_ON, operator)

    def controls(self, run_id: str) -> tuple[Control, ...]:
        """All that was asked of a run while it ran, in order."""
        query = select(controls).where(controls.c.run == run_id).order_by(controls.c.number)
        with self._reading() as connection:
            return tuple(
                Control(kind=row.kind, at=row.at, operator=row.operator)
                for row in connection.execute(query)
            )


@cache
def _asked() -> Select[Any]:
    """What the run `asked` has to heed: asked for after every event that is durable."""
    run: BindParameter[str] = bindparam("asked")
    pause = (
        select(controls.c.kind)
        .where(controls.c.run == run, controls.c.kind.in_((_PAUSE, _GO_ON)))
        .order_by(controls.c.number.desc())
        .limit(1)
    )
    return select(runs.c.cancel, pause.scalar_subquery()).where(runs.c.id == run)


def _write_down(connection: Connection, run_id: str, kind: str, operator: str) -> None:
    query = select(func.max(controls.c.number)).where(controls.c.run == run_id)
    last = connection.execute(query).scalar() or 0
    at = clock.now().isoformat()
    row = {"run": run_id, "number": last + 1, "at": at, "kind": kind, "operator": operator}
    connection.execute(insert(controls), row)
