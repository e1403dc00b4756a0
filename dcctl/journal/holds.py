"""Who holds what in a journal: locks, requests to stop, approvals."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from dcctl import clock
from dcctl.journal import locks
from dcctl.journal.opened import Opened
from dcctl.journal.schema import approvals, runs
from dcctl.model.status import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_RESUMABLE = (RunStatus.RUNNING.value, RunStatus.INTERRUPTED.value)


class Holds(Opened):
    """A journal's locks, requests to stop, and approvals."""

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

    def request_cancel(self, run_id: str, *, abort: bool = False) -> None:
        """Ask whoever carries it out to stop: to start nothing new, or to abort at once.

        A run that nobody carries out is cancelled here, and its locks are given back.
        """
        with self._writing() as connection:
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(cancel=2 if abort else 1)
            )
            held = locks.held(connection, [locks.of_run(run_id)])
            if not any(lock.alive for lock in held):
                connection.execute(
                    update(runs)
                    .where(runs.c.id == run_id, runs.c.status.in_(_RESUMABLE))
                    .values(status=RunStatus.CANCELLED.value, finished_at=clock.now().isoformat())
                )
                locks.release(connection, run_id)

    def cancel_requested(self, run_id: str) -> int:
        """0: go on. 1: start nothing new. 2: abort."""
        with self._reading() as connection:
            query = select(runs.c.cancel).where(runs.c.id == run_id)
            return int(connection.execute(query).scalar_one())

    def keep_approval(self, plan_hash: str, approver: str, *, purpose: str, signature: str) -> None:
        """Store a signature over a plan's hash; the same person's later one replaces it."""
        key = {"plan_hash": plan_hash, "approver": approver, "purpose": purpose}
        with self._writing() as connection:
            query = delete(approvals)
            for name, value in key.items():
                query = query.where(approvals.c[name] == value)
            connection.execute(query)
            stamp = {"at": clock.now().isoformat(), "signature": signature}
            connection.execute(insert(approvals), key | stamp)

    def approvals(self, plan_hash: str) -> tuple[Mapping[str, str], ...]:
        """Who signed a plan: approver, purpose, at, signature."""
        query = select(approvals).where(approvals.c.plan_hash == plan_hash)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(approvals.c.at, approvals.c.approver))
            return tuple(dict(row) for row in rows.mappings())
