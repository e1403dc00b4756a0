"""Whether anybody still works for a run: a lock that the kernel frees when its last holder dies.

A worker that is killed (-9) takes Ansible down with it, but not at once. Whoever works for a shard
holds a shared flock on one file of its folder, Ansible's own processes too; so a resume can wait
until nobody is left, and never works beside the run that it takes over.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.contracts import LIFELINE
from dcctl.errors import Interrupted, JournalError, LockHeld
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dcctl.journal import Journal

PATIENCE_S = 60.0  # more than Ansible's own grace, and a second for each of many hosts
_LOOK_EVERY_S = 0.05  # of real time


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Work for the shard in `folder`.

    Raises:
        JournalError: its file can't be made.
    """
    path = folder / LIFELINE
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise JournalError(
            N_("{path}: the shard's log can't be written: {error}"),
            hint=N_("make room or give access, then go on with dcctl runs resume"),
            path=str(path),
            error=error.strerror or str(error),
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield
    finally:
        os.close(lock)


def await_end(run: str, journal: Journal, stopping: Callable[[], str] = lambda: "") -> None:
    """Wait until nobody works for the shards of `run` any more, on this machine.

    Raises:
        LockHeld: somebody still does after `PATIENCE_S`. Interrupted: `stopping` said so.
    """
    until = clock.monotonic() + PATIENCE_S
    for shard in journal.shard_ids(run):
        folder = journal.shard_folder(run, shard)
        while not _is_free(folder):
            if stopping():
                raise Interrupted(N_("interrupted"))
            if clock.monotonic() >= until:
                raise LockHeld(
                    N_("what run {run} began is still at work on this machine ({shard})"),
                    hint=N_("wait until it has ended, then try again; see: fuser -v {path}"),
                    run=run,
                    shard=shard,
                    path=str(folder / LIFELINE),
                )
            threading.Event().wait(_LOOK_EVERY_S)


def _is_free(folder: Path) -> bool:
    try:
        lock = os.open(folder / LIFELINE, os.O_RDWR)
    except FileNotFoundError:
        return True  # nobody ever worked there
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
