"""The evidence log over a journal: everything in it as leaves of one tree that only grows.

Leaves are counted when the log is extended, not when a run writes: a run is no slower for it. What
is not a leaf yet is told wherever the log is looked at.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from dcctl.errors import InvalidInput, JournalError, NotFound, Refused
from dcctl.journal import leaves, recount, tiles
from dcctl.journal.schema import approvals, controls, events, ledger, meta, runs, signers
from dcctl.journal.signed import Signed
from dcctl.model import merkle
from dcctl.model.event import EventKind
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

    from dcctl.text import Text

_AT_ONCE = 10_000  # leaves that one transaction adds
_DIGEST = 64  # hexadecimal digits


@dataclass
class _Batch:
    """Leaves that are not written yet, and what they are."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)

    def add(self, kind: str, key: str, leaf: bytes, *, position: int = 0) -> None:
        last = self.rows[-1] if self.rows else None
        if kind == leaves.EVENTS and last and (last["kind"], last["key"]) == (kind, key):
            last["length"] += 1
        else:
            content = "" if kind == leaves.EVENTS else leaf.decode()
            new = {"kind": kind, "key": key, "position": position, "length": 1, "content": content}
            self.rows.append(new)
        self.hashes.append(merkle.leaf_hash(leaf))


class Logged(Signed):
    """A journal's evidence log."""

    def extend_log(self) -> int:
        """Make leaves of all that is none yet; gives how many there are then.

        Raises:
            Refused: another process does the same now. JournalError: a row can't be read.
        """
        with self._reading() as connection:
            size, batch = tiles.size(connection), _Batch()
            for kind, key, leaf, position in _new(connection):
                batch.add(kind, key, leaf, position=position)
                if len(batch.hashes) >= _AT_ONCE:
                    size, batch = self._add(size, batch), _Batch()
        return self._add(size, batch)

    def _add(self, size: int, batch: _Batch) -> int:
        if not batch.hashes:
            return size
        with self._writing() as connection:
            if tiles.size(connection) != size:
                raise Refused(
                    N_("another process adds to the evidence log now"), hint=N_("try again")
                )
            _keep(connection, size, batch.rows)
            tiles.append(connection, size, batch.hashes)
        return size + len(batch.hashes)

    def recount_log(self, sizes: Collection[int] = ()) -> recount.Recount:
        """Make every leaf anew from its row, compare, and give the roots at `sizes`."""
        with self._reading() as connection:
            return recount.recount(connection, sizes)

    def altered_since_logged(self, run: str) -> Text | None:
        """How the rows of a run are not the leaves that were logged; None: they are."""
        with self._reading() as connection:
            return recount.altered(connection, run)

    @property
    def log_size(self) -> int:
        """How many leaves there are."""
        with self._reading() as connection:
            return tiles.size(connection)

    @contextmanager
    def tree(self) -> Iterator[merkle.Node]:
        """The log's tree, as it is while the block runs."""
        with self._reading() as connection:
            yield tiles.TileReader(connection)

    def leaf(self, number: int) -> bytes:
        """What a leaf says, made from the journal's row.

        Raises:
            NotFound: there is no such leaf, or its row is gone.
        """
        with self._reading() as connection:
            query = select(ledger).where(ledger.c.first <= number)
            row = connection.execute(query.order_by(ledger.c.first.desc()).limit(1)).first()
            if row is None or not 0 <= number - row.first < row.length:
                raise NotFound(
                    N_("the evidence log has no leaf {number}"),
                    hint=N_("it has {size}; `dcctl journal checkpoint` adds what is new"),
                    number=number,
                    size=tiles.size(connection),
                )
            if row.kind != leaves.EVENTS:
                return str(row.content).encode()
            position = row.position + number - row.first
            same = (events.c.run == row.key) & (events.c.position == position)
            event = connection.execute(select(events).where(same)).first()
        if event is None:
            raise NotFound(
                N_("leaf {number} is event {position} of run {run}, and the journal lacks it"),
                hint=N_("see dcctl journal verify"),
                number=number,
                position=position,
                run=row.key,
            )
        return leaves.event_leaf(event)

    def leaves_of(self, run: str) -> list[int]:
        """The numbers of a run's leaves: how it began, its events, what it was asked, its end."""
        # Ids of runs hold neither of LIKE's own characters.
        mine = (ledger.c.key == run) | ledger.c.key.like(f"{run} %")
        query = select(ledger.c.first, ledger.c.length).where(mine).order_by(ledger.c.first)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [number for row in rows for number in range(row.first, row.first + row.length)]

    def leaves_of_approvals(self, plan_hash: str) -> list[int]:
        """The numbers of the leaves of what was signed for a plan."""
        keys = select(approvals.c.digest).where(approvals.c.plan_hash == plan_hash)
        query = select(ledger.c.first).where(ledger.c.kind == "approval", ledger.c.key.in_(keys))
        with self._reading() as connection:
            return sorted(connection.execute(query).scalars())

    def leaf_about(self, what: str) -> int:
        """The leaf that `what` means: its number, evidence's digest, or a run (how it ended).

        Raises:
            NotFound: there is none. InvalidInput: it means nothing.
        """
        if what.isascii() and what.isdecimal() and len(what) < len(str(2**63)):
            return int(what)
        if len(what) == _DIGEST and set(what) <= set("0123456789abcdef"):
            return self._first_evidence(what)
        found = self.leaves_of(what)
        if not what or not found:
            raise InvalidInput(
                N_("{what} is no leaf's number, no digest of evidence and no run in the log"),
                hint=N_("`dcctl journal checkpoint` adds what is new"),
                what=what,
            )
        return found[-1]

    def _first_evidence(self, digest: str) -> int:
        told = (events.c.kind == EventKind.EVIDENCE.value) & events.c.data.contains(digest)
        query = select(events.c.run, events.c.position).where(told)
        with self._reading() as connection:
            for run, position in connection.execute(query.order_by(events.c.at)):
                inside = ledger.c.position + ledger.c.length > position
                mine = (ledger.c.kind == leaves.EVENTS) & (ledger.c.key == run)
                row = connection.execute(
                    select(ledger).where(mine, ledger.c.position <= position, inside)
                ).first()
                if row is not None:
                    return int(row.first + position - row.position)
        raise NotFound(
            N_("no leaf of the evidence log tells of {digest}"),
            hint=N_("`dcctl journal checkpoint` adds what is new"),
            digest=digest,
        )


def _keep(connection: Connection, size: int, rows: list[dict[str, Any]]) -> None:
    """Say what the next leaves are; a run's further events lengthen the last row."""
    last = connection.execute(select(ledger).order_by(ledger.c.first.desc()).limit(1)).first()
    first = rows[0]
    joins = last is not None and first["kind"] == last.kind == leaves.EVENTS
    if last is not None and joins and last.key == first["key"]:
        more = update(ledger).where(ledger.c.first == last.first)
        connection.execute(more.values(length=last.length + first["length"]))
        size, rows = size + first["length"], rows[1:]
    told = []
    for row in rows:
        told.append({"first": size, **row})
        size += row["length"]
    if told:
        connection.execute(insert(ledger), told)


# --- what is no leaf yet ---


def _new(connection: Connection) -> Iterator[tuple[str, str, bytes, int]]:
    """Kind, key, leaf and position of all that is no leaf yet, in the order in which it becomes."""
    yield from _records(connection, "journal", select(meta.c.key).where(meta.c.key == "id"))
    yield from _records(connection, "signers", select(signers.c.number).order_by(signers.c.number))
    by_time = select(approvals.c.digest).order_by(approvals.c.at, approvals.c.digest)
    yield from _records(connection, "approval", by_time)
    counted = select(events.c.run, func.count().label("told")).group_by(events.c.run)
    there = {row.run: int(row.told) for row in connection.execute(counted)}
    logged = leaves.logged_events(connection)
    query = select(runs.c.id, runs.c.finished_at).order_by(runs.c.started_at, runs.c.id)
    asked = select(controls.c.run, controls.c.number).order_by(controls.c.run, controls.c.number)
    known = _known(connection)
    controls_of: dict[str, list[str]] = {}
    for run, number in connection.execute(asked):
        controls_of.setdefault(run, []).append(f"{run} {number}")
    for run, finished in connection.execute(query).all():
        if ("run", run) not in known:
            yield _record(connection, "run", run, 0)
        before = logged.get(run, 0)
        if there.get(run, 0) > before:
            yield from _events(connection, run, before)
        told = max(before, there.get(run, 0))
        for key in controls_of.get(run, ()):
            if ("control", key) not in known:
                yield _record(connection, "control", key, told)
        if finished and ("ended", f"{run} {finished}") not in known:
            yield _record(connection, "ended", f"{run} {finished}", told)


def _known(connection: Connection) -> set[tuple[str, str]]:
    query = select(ledger.c.kind, ledger.c.key).where(ledger.c.kind != leaves.EVENTS)
    return {(kind, key) for kind, key in connection.execute(query)}


def _records(
    connection: Connection, kind: str, query: Any
) -> Iterator[tuple[str, str, bytes, int]]:
    known = set(connection.execute(select(ledger.c.key).where(ledger.c.kind == kind)).scalars())
    for key in connection.execute(query).scalars().all():
        if str(key) not in known:
            yield _record(connection, kind, str(key), 0)


def _record(connection: Connection, kind: str, key: str, told: int) -> tuple[str, str, bytes, int]:
    leaf = leaves.record_leaf(connection, kind, key, told)
    if leaf is None:
        raise JournalError(N_("the journal's {kind} {key} can't be read"), kind=kind, key=key)
    return kind, key, leaf, 0


def _events(connection: Connection, run: str, before: int) -> Iterator[tuple[str, str, bytes, int]]:
    query = select(events).where(events.c.run == run, events.c.position > before)
    rows = connection.execute(
        query.order_by(events.c.position), execution_options={"yield_per": 1000}
    )
    for position, row in enumerate(rows, before + 1):
        try:
            leaf = leaves.event_leaf(row) if row.position == position else None
        except (ValueError, TypeError, RecursionError):
            leaf = None
        if leaf is None:
            raise JournalError(
                N_("event {position} of run {run} is missing or can't be read"),
                hint=N_("keep the file for the record, and restore it from the last backup"),
                position=position,
                run=run,
            )
        yield leaves.EVENTS, run, leaf, position
