"""Locks: two runs never touch the same target, or two members of one redundancy group.

A lock outlives its owner on purpose: what a killed run left half done stays locked until that run
is resumed or cancelled. On the owner's own machine its process tells whether it lives; elsewhere
the heartbeat does.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from dcctl import clock
from dcctl.errors import LockHeld
from dcctl.journal.schema import locks
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

_KEPT, _TARGET = "kept:", "target:"
LIFE_S = 600.0  # without a heartbeat, as seen from another machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """One lock. `alive`: its owner's process runs, or its heartbeat is young."""

    name: str
    owner: str
    host: str
    pid: int
    process: str
    acquired_at: str
    heartbeat_at: str
    expires_at: str
    alive: bool = True

    @property
    def ours(self) -> bool:
        """Whether this very process holds it."""
        return (self.host, self.pid, self.process) == _identity()


def of_target(name: str) -> str:
    """The lock that whoever changes a target holds."""
    return f"target:{name}"


def kept(host: str, element: str) -> str:
    """The claim that `host` stays as it is while `element` is down: many may lie on one host."""
    return f"{_KEPT}{host}:{element}"


def of_run(run_id: str) -> str:
    """The lock that whoever carries out a run holds."""
    return f"run:{run_id}"


def held(connection: Connection, names: Iterable[str] | None = None) -> tuple[Lock, ...]:
    """The locks of these names (default: all) that somebody has."""
    query = select(locks).order_by(locks.c.name)
    if names is not None:
        query = query.where(locks.c.name.in_(list(names)))
    found = (Lock(**row) for row in connection.execute(query).mappings())
    return tuple(_judged(lock) for lock in found)


def take(connection: Connection, names: Sequence[str], owner: str) -> None:
    """All of `names` for `owner`, or none. What a dead process of the same owner held passes over.

    Raises:
        LockHeld: another owner, or another living process, has one of them; or what one of them
        must leave alone.
    """
    for lock in held(connection, names):
        if lock.owner != owner or (lock.alive and not lock.ours):
            raise _refusal(lock)
    for lock in _crossing(connection, names):
        raise _refusal(lock)
    connection.execute(delete(locks).where(locks.c.name.in_(list(names))))
    host, pid, process = _identity()
    now = clock.now()
    stamp = {
        "owner": owner,
        "host": host,
        "pid": pid,
        "process": process,
        "acquired_at": now.isoformat(),
        "heartbeat_at": now.isoformat(),
        "expires_at": (now + timedelta(seconds=LIFE_S)).isoformat(),
    }
    if names:
        connection.execute(insert(locks), [{"name": name, **stamp} for name in sorted(set(names))])


def _crossing(connection: Connection, names: Sequence[str]) -> Iterator[Lock]:
    """Locks that these go against, whoever holds them.

    A target that others need may not be changed, and one that is being changed can't be relied on.
    """
    needed = {name.split(":")[1] for name in names if name.startswith(_KEPT)}
    touched = {name.removeprefix(_TARGET) for name in names if name.startswith(_TARGET)}
    own = set(names)
    if needed:
        yield from held(connection, [of_target(host) for host in sorted(needed - touched)])
    for host in sorted(touched):
        query = select(locks).where(locks.c.name.like(f"{_KEPT}{host}:%"))
        for row in connection.execute(query).mappings():
            if row["name"].split(":")[1] == host and row["name"] not in own:
                yield _judged(Lock(**row))


def release(connection: Connection, owner: str, names: Iterable[str] | None = None) -> None:
    """Give back these locks of `owner` (default: all of them)."""
    query = delete(locks).where(locks.c.owner == owner)
    if names is not None:
        query = query.where(locks.c.name.in_(list(names)))
    connection.execute(query)


def heartbeat(connection: Connection, owner: str) -> None:
    """Say that `owner` still lives."""
    now = clock.now()
    connection.execute(
        update(locks)
        .where(locks.c.owner == owner)
        .values(
            heartbeat_at=now.isoformat(),
            expires_at=(now + timedelta(seconds=LIFE_S)).isoformat(),
        )
    )


def _judged(lock: Lock) -> Lock:
    if lock.host == socket.gethostname():
        mark = _own_mark if lock.pid == os.getpid() else process_mark
        alive = mark(lock.pid) == lock.process
    else:
        alive = datetime.fromisoformat(lock.expires_at) > clock.now()
    return replace(lock, alive=alive)


def _refusal(lock: Lock) -> LockHeld:
    parameters: dict[str, Any] = {
        "name": lock.name,
        "owner": lock.owner,
        "host": lock.host,
        "pid": lock.pid,
        "since": lock.acquired_at,
    }
    if lock.alive:
        return LockHeld(
            N_("{name} is held by run {owner} (process {pid} on {host}) since {since}"),
            hint=N_("wait for it, or stop it with dcctl runs cancel {owner}"),
            **parameters,
        )
    return LockHeld(
        N_("{name} is still held by run {owner}, which died on {host}: it may be half done"),
        hint=N_(
            "finish it with dcctl runs resume {owner}, or give it up with dcctl runs cancel {owner}"
        ),
        **parameters,
    )


def _identity() -> tuple[str, int, str]:
    pid = os.getpid()
    return socket.gethostname(), pid, _own_mark(pid)


@cache
def _own_mark(pid: int) -> str:
    """`process_mark` of this very process; a fork of it has another number."""
    return process_mark(pid)


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


def process_mark(pid: int) -> str:
    """What tells process `pid` from a later one of the same number; empty when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{_boot()}:{rest[18]}"
