"""Workers' logs that are no longer needed: removed once the journal holds all that they say.

What a person may still want to read there (a session's log, a worker's last words) stays. Nothing
is removed that the journal lacks, so a process may be killed here at any moment; the next run's end
goes on where it was.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dcctl.contracts import LIFELINE
from dcctl.journal.importer import stored
from dcctl.journal.schema import events
from dcctl.journal.shardlog import BLOBS, LOG
from dcctl.model.event import EventKind

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def leftovers(shards: Path) -> tuple[str, ...]:
    """The runs of which there is a worker's log, or a folder with nothing in it."""
    found = sorted(folder for folder in shards.iterdir()) if shards.is_dir() else []
    return tuple(f.name for f in found if any(f.glob(f"*/{LOG}")) or not _has_files(f))


def is_told(connection: Connection, folder: Path, run: str, shard: str) -> bool:
    """Whether the journal has every event of a shard's log, and all evidence that is there."""
    own = (events.c.run == run) & (events.c.shard == shard)
    imported = connection.execute(select(func.max(events.c.sequence)).where(own)).scalar() or 0
    log = folder / LOG
    if log.exists() and log.read_bytes().count(b"\n") > imported:
        return False
    query = select(events.c.data).where(own, events.c.kind == EventKind.EVIDENCE.value)
    told = {str(json.loads(data)["digest"]) for data in connection.execute(query).scalars()}
    there = (path.name.partition(".")[0] for path in (folder / BLOBS).glob("*.z"))
    wanted = sorted(told.intersection(there))
    # What is missing is damaged, or not clean of secrets: somebody has to look at it.
    return stored(connection, wanted) == set(wanted)


def remove(folder: Path) -> None:
    """Remove what the journal has of a shard's folder, and the folder where nothing else is left.

    The log goes last, so that a start that was killed here is seen by the next one.
    """
    shutil.rmtree(folder / BLOBS, ignore_errors=True)
    for rest in (folder / LIFELINE, *folder.glob("*.log")):
        if rest.exists() and rest.stat().st_size == 0:
            rest.unlink(missing_ok=True)
    (folder / LOG).unlink(missing_ok=True)
    remove_empty(folder)


def remove_empty(folder: Path) -> None:
    """Remove a folder in which nothing is left."""
    with suppress(OSError):  # something is, or another process was faster
        folder.rmdir()


def _has_files(folder: Path) -> bool:
    return any(not path.is_dir() for path in folder.rglob("*"))
