"""Bringing shard logs into the journal: in order, once, with evidence true to its digest."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select

from dcctl import clock
from dcctl.errors import JournalError
from dcctl.journal import redaction
from dcctl.journal.schema import blobs, events, findings, outcomes, readings
from dcctl.journal.shardlog import LOG, Line, blob_path, read_lines
from dcctl.model.event import Event, EventKind
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import BindParameter, Connection, Select, Table


@dataclass(frozen=True, slots=True)
class Position:
    """How far into a log we are."""

    offset: int = 0
    sequence: int = 0


START = Position()
_AT_ONCE = 500  # digests that one query asks for


@dataclass(frozen=True, slots=True)
class Batch:
    """Some whole lines of a log, and where they end."""

    lines: tuple[Line, ...]
    end: Position


def read(folder: Path, run: str, shard: str, start: Position) -> Batch:
    """What a shard's log has after `start`.

    Raises:
        JournalError: the log is damaged, or is that of another shard.
    """
    path = folder / LOG
    found, offset = read_lines(path, offset=start.offset, after=start.sequence)
    for event in (line.event for line in found):
        if (event.run, event.shard) != (run, shard):
            raise JournalError(
                N_("{path}: this is the log of run {run}, shard {shard}"),
                path=str(path),
                run=event.run,
                shard=event.shard,
            )
    return Batch(found, Position(offset, start.sequence + len(found)))


def write(
    connection: Connection, folder: Path, run: str, shard: str, batch: Batch
) -> tuple[Event, ...]:
    """Store the events that are not there yet; gives them."""
    found = connection.execute(_ends(), {"of_run": run, "of_shard": shard}).one()
    position, last = (number or 0 for number in found)
    lines = [_redacted(line) for line in batch.lines if line.event.sequence > last]
    if not lines:
        return ()
    new = tuple(line.event for line in lines)
    rows = [_row(line) | {"position": position + n} for n, line in enumerate(lines, 1)]
    connection.execute(insert(events), rows)
    for table, indexed in _index_rows(new):
        if indexed:
            connection.execute(insert(table), indexed)
    _keep_blobs(connection, folder, [event for event in new if event.kind is EventKind.EVIDENCE])
    return new


@cache
def _ends() -> Select[Any]:
    """The last position of a run's events, and the last sequence of a shard's."""
    run: BindParameter[str] = bindparam("of_run")
    of_shard = events.c.run == run, events.c.shard == bindparam("of_shard")
    sequence = select(func.max(events.c.sequence)).where(*of_shard).scalar_subquery()
    return select(func.max(events.c.position), sequence).where(events.c.run == run)


def unpacked(content: bytes, digest: str) -> bytes:
    """The evidence inside a stored blob.

    Raises:
        JournalError: it is not what its digest says.
    """
    try:
        data = zlib.decompress(content)
    except zlib.error:
        data = None
    if data is None or hashlib.sha256(data).hexdigest() != digest:
        raise JournalError(N_("evidence {digest} is not what its digest says"), digest=digest)
    return data


def _redacted(line: Line) -> Line:
    if redaction.is_clean(line.data):
        return line
    data = redaction.redact_event(line.event.data)
    return Line(replace(line.event, data=data), redaction.as_json(data))


def _row(line: Line) -> dict[str, Any]:
    event = line.event
    return {
        "run": event.run,
        "shard": event.shard,
        "sequence": event.sequence,
        "at": event.at,
        "kind": event.kind.value,
        "target": event.target,
        "step": event.step,
        "data": line.data,
    }


def _index_rows(new: Sequence[Event]) -> tuple[tuple[Table, list[dict[str, Any]]], ...]:
    rows: dict[EventKind, list[dict[str, Any]]] = {
        EventKind.STEP_FINISHED: [],
        EventKind.FINDING: [],
        EventKind.READING: [],
    }
    for event in new:
        key = {
            "run": event.run,
            "shard": event.shard,
            "sequence": event.sequence,
            "target": event.target,
        }
        if event.kind is EventKind.STEP_FINISHED:
            outcome = event.data["outcome"]
            extra = {"step": event.step, "reason": outcome.get("reason", "")}
            rows[event.kind].append(key | extra | {"status": outcome["status"]})
        elif event.kind is EventKind.FINDING:
            finding = event.data["finding"]
            extra = {"check_id": finding["check"], "reason": finding.get("reason", "")}
            rows[event.kind].append(key | extra | {"status": finding["status"]})
        elif event.kind is EventKind.READING:
            extra = {"topic": event.data["topic"], "status": event.data["status"]}
            rows[event.kind].append(key | extra)
    tables = {
        EventKind.STEP_FINISHED: outcomes,
        EventKind.FINDING: findings,
        EventKind.READING: readings,
    }
    return tuple((tables[kind], found) for kind, found in rows.items())


def _keep_blobs(connection: Connection, folder: Path, told: Sequence[Event]) -> None:
    """Store evidence that is not there yet, each digest once."""
    wanted = {str(event.data["digest"]): event for event in told}
    missing = sorted(wanted.keys() - stored(connection, sorted(wanted)))
    for start in range(0, len(missing), _AT_ONCE):
        found = (_blob(folder, wanted[one]) for one in missing[start : start + _AT_ONCE])
        if rows := [row for row in found if row is not None]:
            connection.execute(insert(blobs), rows)


def stored(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Those of the evidence `digests` that are in the journal."""
    found: set[str] = set()
    for start in range(0, len(digests), _AT_ONCE):
        part = {"wanted": digests[start : start + _AT_ONCE]}
        found.update(connection.execute(_there(), part).scalars())
    return found


@cache
def _there() -> Select[Any]:
    """Those of the digests `wanted` that are there."""
    return select(blobs.c.digest).where(blobs.c.digest.in_(bindparam("wanted", expanding=True)))


def _blob(folder: Path, event: Event) -> dict[str, Any] | None:
    """Evidence as a row; what is lost, damaged or not clean of secrets stays out, and is told."""
    digest = str(event.data["digest"])
    try:
        content = blob_path(folder, digest).read_bytes()
        data = unpacked(content, digest)
    except (FileNotFoundError, JournalError):
        return None
    if redaction.redact_content(data, str(event.data.get("media_type", ""))) != data:
        return None  # a worker that redacts less than this version must not bring a secret in
    return {
        "digest": digest,
        "media_type": str(event.data.get("media_type", "")),
        "size": len(data),
        "encoding": "zlib",
        "content": content,
        "kept_at": clock.now().isoformat(),
    }
