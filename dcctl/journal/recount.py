"""Counting the evidence log again from the journal's raw rows: what differs, and where first."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from dcctl.errors import JournalError
from dcctl.journal import leaves, tiles
from dcctl.journal.importer import unpacked
from dcctl.journal.rows import plan_of
from dcctl.journal.schema import blobs, events, ledger, plans
from dcctl.journal.schema import tiles as tile_rows
from dcctl.model import merkle
from dcctl.model.event import EventKind
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

_AT_ONCE = 500
_HASH = 32
_SHOWN = 20  # of what is missing or damaged, each by its name
_MISSING, _ALTERED = N_("missing"), N_("altered")
_LISTED = N_("the log lists {listed} leaves and has the hashes of {size}")


@dataclass(kw_only=True)
class Recount:
    """What the raw rows give."""

    size: int = 0
    roots: dict[int, bytes] = field(default_factory=dict)  # at the sizes that were asked for
    pending: int = 0  # events that are no leaf yet
    evidence: int = 0  # blobs that were looked at
    differing: int = 0  # leaves
    first: int | None = None  # the first leaf that differs
    faults: list[Text] = field(default_factory=list)

    @property
    def root(self) -> bytes:
        """The hash over all leaves."""
        return self.roots[self.size]

    def differs(self, number: int, what: str, how: str) -> None:
        """A leaf is not what was logged; the first is told by its name."""
        self.differing += 1
        if self.first is None:
            self.first = number
            said = Text(N_("leaf {number} ({what}): {how}"), _said(number, what, how))
            self.faults.append(said)


def _said(number: int, what: str, how: str) -> dict[str, Any]:
    return {"number": number, "what": what, "how": Text(how)}


def recount(connection: Connection, sizes: Collection[int]) -> Recount:
    """Make every leaf anew from its row and compare; the root at each of `sizes` as well."""
    found = Recount(size=tiles.size(connection))
    rising, stored = tiles.Rising(), tiles.TileReader(connection)
    wanted = {*sizes, found.size}
    if 0 in wanted:
        found.roots[0] = merkle.EMPTY
    for number, (leaf, what, how) in enumerate(_all(connection, found)):
        made = merkle.leaf_hash(leaf) if leaf is not None else bytes(_HASH)
        rising.add(made)
        if number >= found.size or _stored(stored, number) != made:
            found.differs(number, what, how)
        if rising.size in wanted:
            found.roots[rising.size] = rising.root
    if rising.size != found.size:
        found.faults.append(Text(_LISTED, {"listed": rising.size, "size": found.size}))
        found.roots.setdefault(found.size, rising.root)
    if found.differing > 1:
        said = N_("{count} leaves differ in all")
        found.faults.append(Text(said, {"count": found.differing}))
    found.faults += _hashes(connection)
    found.faults += _late(connection)
    found.faults += _plans(connection)
    found.faults += _evidence(connection, found)
    counted = select(events.c.run, func.count().label("told")).group_by(events.c.run)
    logged = leaves.logged_events(connection)
    there = connection.execute(counted).all()
    found.pending = sum(max(0, row.told - logged.get(row.run, 0)) for row in there)
    return found


def altered(connection: Connection, run: str) -> Text | None:
    """The first leaf of `run` that is not what was logged; None: all are, or it is in no log."""
    found, stored, told = Recount(size=tiles.size(connection)), tiles.TileReader(connection), 0
    listed = connection.execute(select(func.coalesce(func.sum(ledger.c.length), 0))).scalar_one()
    if listed != found.size:
        return Text(_LISTED, {"listed": listed, "size": found.size})
    mine = (ledger.c.key == run) | ledger.c.key.like(f"{run} %")  # ids hold none of LIKE's own
    for row in connection.execute(select(ledger).where(mine).order_by(ledger.c.first)).all():
        if row.kind == leaves.EVENTS:
            told += row.length
            made = _events(connection, row, found)
        else:
            made = iter([_record(connection, row, told)])
        for number, (leaf, what, how) in enumerate(made, row.first):
            if leaf is None or _stored(stored, number) != merkle.leaf_hash(leaf):
                found.differs(number, what, how)
                break
    found.faults += _late(connection, run)
    return found.faults[0] if found.faults else None


def _late(connection: Connection, run: str | None = None) -> Iterator[Text]:
    """Runs that told more after their end was logged."""
    query = select(ledger.c.key, ledger.c.content).where(ledger.c.kind == "ended")
    if run is not None:
        query = query.where(ledger.c.key.like(f"{run} %"))
    ends: dict[str, int] = {}
    for key, content in connection.execute(query):
        if not leaves.may_pass("ended", str(content).encode()):
            ends[key.partition(" ")[0]] = json.loads(content)["events"]
    for name, told in ends.items():
        there = connection.execute(select(func.count()).where(events.c.run == name)).scalar_one()
        if there > told:
            said = N_("run {run} ended after {told} events, and has {found}")
            yield Text(said, {"run": name, "told": told, "found": there})


def _stored(reader: tiles.TileReader, number: int) -> bytes:
    try:
        return reader(0, number)
    except JournalError:
        return b""


def _all(connection: Connection, found: Recount) -> Iterator[tuple[bytes | None, str, str]]:
    """Each leaf as its row gives it now (None: gone), what it is, and how it differs if it does."""
    told: dict[str, int] = {}
    number = 0
    listed = connection.execute(select(ledger).order_by(ledger.c.first)).yield_per(_AT_ONCE)
    for row in listed:
        if row.first != number:
            said = N_("the log's list of leaves has a gap or an overlap at {number}")
            found.faults.append(Text(said, {"number": number}))
            number = row.first
        number += row.length
        if row.kind == leaves.EVENTS:
            yield from _events(connection, row, found)
            told[row.key] = told.get(row.key, 0) + row.length
        else:
            yield _record(connection, row, told.get(row.key.partition(" ")[0], 0))


def _record(connection: Connection, row: Any, told: int) -> tuple[bytes | None, str, str]:
    what, kept = f"{row.kind} {row.key}", str(row.content).encode()
    try:
        passed = leaves.may_pass(row.kind, kept)
        made = leaves.record_leaf(connection, row.kind, row.key, told)
    except (ValueError, TypeError, KeyError, RecursionError):
        return b"", what, _ALTERED
    if made is None:
        return (kept, what, _ALTERED) if passed else (None, what, _MISSING)
    return (kept if made == kept else made + b"\n" + kept), what, _ALTERED


def _events(
    connection: Connection, row: Any, found: Recount
) -> Iterator[tuple[bytes | None, str, str]]:
    """The leaves of one stretch of a run's events, one for each position."""
    end = row.position + row.length
    query = (
        select(events)
        .where(events.c.run == row.key)
        .where(events.c.position >= row.position, events.c.position < end)
        .order_by(events.c.position)
    )
    expected = row.position
    for event in connection.execute(query, execution_options={"yield_per": 1000}):
        while expected < min(event.position, end):
            yield None, f"run {row.key}, event {expected}", _MISSING
            expected += 1
        if event.position < expected:
            said = N_("run {run} has two events at {position}, and one was logged")
            found.faults.append(Text(said, {"run": row.key, "position": event.position}))
            continue
        what = f"run {row.key}, event {expected}: {event.kind} {event.target}".strip()
        try:
            yield leaves.event_leaf(event), what, _ALTERED
        except (ValueError, TypeError, RecursionError):
            yield b"", what, _ALTERED
        expected += 1
    for position in range(expected, end):
        yield None, f"run {row.key}, event {position}", _MISSING


def _hashes(connection: Connection) -> Iterator[Text]:
    """Stored hashes above the leaves that are not those of what is under them."""
    reader = tiles.TileReader(connection)
    query = select(tile_rows).order_by(tile_rows.c.level, tile_rows.c.number)
    for row in connection.execute(query, execution_options={"yield_per": 16}):
        hashes = [row.content[n : n + _HASH] for n in range(0, len(row.content), _HASH)]
        if len(hashes) < tiles.WIDTH:
            continue
        try:
            good = tiles.folded(hashes) == reader(8 * (row.level + 1), row.number)
        except JournalError:
            good = False
        if not good:
            said = N_("the stored hashes over tile {number} of level {level} are damaged")
            yield Text(said, {"number": row.number, "level": row.level})


def _plans(connection: Connection) -> Iterator[Text]:
    """Plans that are not what their hash says."""
    query = select(plans.c.hash, plans.c.content)
    for row in connection.execute(query, execution_options={"yield_per": 1}):
        try:
            plan_of(row)
        except Exception:  # noqa: BLE001 - an altered plan may break any reader; it is wrong then
            said = N_("plan {hash} in the journal is not what its hash says")
            yield Text(said, {"hash": row.hash})


def _evidence(connection: Connection, found: Recount) -> Iterator[Text]:
    """Evidence that events tell of and that is not there, or is not what its digest says."""
    lost = 0
    for digest in _told(connection):
        lost += 1
        if lost <= _SHOWN:
            yield Text(N_("evidence {digest} is missing"), {"digest": digest})
    if lost > _SHOWN:
        yield Text(N_("{count} pieces of evidence are missing in all"), {"count": lost})
    query = select(blobs.c.digest, blobs.c.content)
    for row in connection.execute(query, execution_options={"yield_per": 16}):
        found.evidence += 1
        try:
            unpacked(row.content, row.digest)
        except JournalError as error:
            yield error.text


def _told(connection: Connection) -> Iterator[str]:
    """Digests that events tell of and that the journal has no evidence for."""
    query = select(events.c.data).where(events.c.kind == EventKind.EVIDENCE.value)
    rows = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    for part in rows.scalars().partitions(_AT_ONCE):
        asked = {str(json.loads(data).get("digest", "")) for data in part}
        have = connection.execute(select(blobs.c.digest).where(blobs.c.digest.in_(asked)))
        yield from sorted(asked - set(have.scalars()))
