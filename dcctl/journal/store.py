"""The journal of one estate: plans, runs, events, evidence and locks, in one database with one writer at a time."""

from __future__ import annotations

import json
import secrets as tokens
import shutil
import uuid
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import delete, insert, select, update

from dcctl import clock
from dcctl.errors import InvalidInput, JournalError, NotFound
from dcctl.journal import engine as database
from dcctl.journal import importer, locks, migrate, reader
from dcctl.journal.schema import approvals, blobs, events, meta, plans, runs, steps
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.plan import Plan
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine

LATEST = "latest"
_ENDED = (RunStatus.FINISHED, RunStatus.CANCELLED)
_RESUMABLE = (RunStatus.RUNNING.value, RunStatus.INTERRUPTED.value)


class Journal:
    """An open journal; made by `Journal.open`, safe across threads."""

    def __init__(self, engine: Engine, path: Path, identity: str, *, read_only: bool) -> None:
        self.id = identity
        self.path = path
        self.read_only = read_only
        self._engine = engine
        self._positions: dict[tuple[str, str], importer.Position] = {}

    @classmethod
    def open(
        cls,
        url: str,
        *,
        root: Path,
        create: bool = True,
        read_only: bool = False,
        expected: str = "",
    ) -> Journal:
        """Open the journal at `url` (relative to `root`), bringing its schema up to date.

        Args:
            url: `sqlite:///.dcctl/journal.db`.
            root: the site's folder.
            create: make it when it is not there.
            read_only: write nothing, not even a newer schema.
            expected: the id that `dcctl.yml` pins; empty when none is pinned yet.

        Raises:
            JournalError: not there, not readable or writable, damaged, of a later version, or another estate's.
        """
        path = database.location(url, root)
        if not path.exists():
            if read_only or not create:
                raise JournalError(
                    N_("{path}: there is no journal yet"),
                    hint=N_("the first run makes it"),
                    path=str(path),
                )
            database.make_private(path)
        engine = database.connect(path, read_only=read_only)
        try:
            identity = _prepare(engine, path, read_only=read_only)
            _require_identity(identity, expected, path)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, path, identity, read_only=read_only)

    def close(self) -> None:
        """Close it; everything that was written stays."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # --- plans and runs ---

    def keep_plan(self, plan: Plan) -> None:
        """Store `plan` under its hash; storing it again is fine.

        Raises:
            InvalidInput: the hash is not that of the content.
        """
        if plan.hash != plan.content_hash():
            raise InvalidInput(N_("the plan's hash is not that of its content"))
        with self._writing() as connection:
            _keep_plan(connection, plan)

    def plan(self, prefix: str) -> Plan:
        """The plan whose hash starts with `prefix`.

        Raises:
            NotFound: there is none, or more than one.
        """
        with self._reading() as connection:
            query = select(plans.c.hash, plans.c.content).where(
                plans.c.hash.startswith(prefix, autoescape=True)
            )
            found = connection.execute(query.limit(2)).all()
        return _plan(_only(found, prefix, N_("no plan {name} in the journal")))

    def open_run(self, plan: Plan, *, operator: str, request: Mapping[str, Any]) -> Run:
        """Begin a run of `plan`: it is on the disk, and this process's own, when this returns."""
        now = clock.now()
        run = Run(
            id=f"{now:%Y%m%d-%H%M%S}-{tokens.token_hex(3)}",
            verb=plan.verb,
            status=RunStatus.RUNNING,
            plan_hash=plan.hash,
            estate=plan.estate,
            lab=plan.lab,
            operator=operator,
            started_at=now.isoformat(),
            versions=dict(plan.versions),
            request=dict(request),
        )
        row = plain.to_plain(run) | {"cancel": 0}
        row["versions"], row["request"] = json.dumps(row["versions"]), json.dumps(row["request"])
        with self._writing() as connection:
            _keep_plan(connection, plan)
            connection.execute(insert(runs), row)
            locks.take(connection, [locks.of_run(run.id)], run.id)
        return run

    def finish_run(self, run_id: str, status: RunStatus) -> None:
        """Write down how a run ended; one that has ended gives its locks back."""
        finished = "" if status is RunStatus.RUNNING else clock.now().isoformat()
        with self._writing() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(status=status.value, finished_at=finished)
            )
            if status in _ENDED:
                locks.release(connection, run_id)

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """The last runs, newest first."""
        query = select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
        with self._reading() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    def run(self, name: str) -> Run:
        """The run that `name` (its id, the start or the end of it, or `latest`) stands for.

        Raises:
            NotFound: none does, or more than one.
        """
        if name == LATEST:
            found = self.runs(limit=1)
            if not found:
                raise NotFound(N_("the journal has no run yet"))
            return found[0]
        with self._reading() as connection:
            query = select(runs).where(runs.c.id.startswith(name, autoescape=True)).limit(2)
            rows = connection.execute(query).all()
            if not rows and name:
                query = select(runs).where(runs.c.id.endswith(f"-{name}", autoescape=True)).limit(2)
                rows = connection.execute(query).all()
        return _run(_only(rows, name, N_("no run {name} in the journal")))

    def record(self, name: str) -> RunRecord:
        """Everything about one run, from the journal alone."""
        run = self.run(name)
        with self._reading() as connection:
            content = connection.execute(
                select(plans.c.hash, plans.c.content).where(plans.c.hash == run.plan_hash)
            ).one()
            kept = frozenset(connection.execute(select(blobs.c.digest)).scalars())
        return reader.make_record(run, _plan(content), self.events(run.id), kept)

    # --- events and evidence ---

    def events(self, run_id: str, *, after: int = 0) -> tuple[Event, ...]:
        """A run's events in the order of their import, but for the first `after` ones."""
        query = (
            select(events)
            .where(events.c.run == run_id, events.c.position > after)
            .order_by(events.c.position)
        )
        with self._reading() as connection:
            return tuple(_event(row) for row in connection.execute(query).all())

    def shard_folder(self, run_id: str, shard_id: str) -> Path:
        """Where a shard's worker writes; made, for its owner alone."""
        folder = self._shards(run_id) / shard_id
        with database.translated(folder):
            for part in (self._shards(run_id).parent, self._shards(run_id), folder):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def shard_ids(self, run_id: str) -> tuple[str, ...]:
        """The shards that have a folder here."""
        folder = self._shards(run_id)
        return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()

    def import_shard(self, run_id: str, shard_id: str) -> tuple[Event, ...]:
        """Bring what a shard's log has new into the journal, with its evidence; gives the new events.

        Raises:
            JournalError: the log is damaged before its end, or the journal can't be written.
        """
        folder = self._shards(run_id) / shard_id
        key = (run_id, shard_id)
        position = self._positions.get(key, importer.START)
        found = importer.read(folder, run_id, shard_id, position)
        if not found.events:
            return ()
        with self._writing() as connection:
            new = importer.write(connection, folder, run_id, shard_id, found)
        self._positions[key] = found.end
        return new

    def import_run(self, run_id: str) -> tuple[Event, ...]:
        """Bring in what any shard of a run has left behind."""
        new: list[Event] = []
        for shard_id in self.shard_ids(run_id):
            new.extend(self.import_shard(run_id, shard_id))
        return tuple(new)

    def blob(self, digest: str) -> bytes:
        """The evidence of this SHA-256 digest.

        Raises:
            NotFound: it isn't here. JournalError: it is not what its digest says.
        """
        with self._reading() as connection:
            row = connection.execute(
                select(blobs.c.content).where(blobs.c.digest == digest)
            ).first()
        if row is None:
            raise NotFound(N_("no evidence {name} in the journal"), name=digest)
        return importer.unpacked(row.content, digest)

    # --- locks, cancelling, approvals ---

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

    def reopen_run(self, run_id: str) -> Run:
        """Mark an interrupted run as running again; an earlier request to cancel it is forgotten."""
        with self._writing() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(status=RunStatus.RUNNING.value, finished_at="", cancel=0)
            )
        return self.run(run_id)

    def keep_approval(self, plan_hash: str, approver: str, *, purpose: str, signature: str) -> None:
        """Store somebody's signature over a plan's hash; the same one's later signature replaces it."""
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

    def discard_shards(self, run_id: str) -> None:
        """Remove the workers' logs of a run whose events are all imported."""
        self.import_run(run_id)
        with database.translated(self.path):
            shutil.rmtree(self._shards(run_id), ignore_errors=False)

    def _shards(self, run_id: str) -> Path:
        return self.path.parent / "shards" / run_id

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with database.reading(self._engine, self.path) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self.read_only:
            raise JournalError(
                N_("{path}: the journal was opened to read only"), path=str(self.path)
            )
        with database.writing(self._engine, self.path) as connection:
            yield connection


def _prepare(engine: Engine, path: Path, *, read_only: bool) -> str:
    """Check (and when it may be written, upgrade) the schema; gives the journal's id."""
    with database.reading(engine, path) as connection:
        found = migrate.revision(connection)
        migrate.require_not_newer(found)
        if found == migrate.newest():
            return _identity(connection)
    if read_only:
        raise JournalError(
            N_("{path}: the journal's schema is old, and it was opened to read only"),
            hint=N_("open it once with a command that writes, such as dcctl check"),
            path=str(path),
        )
    with database.writing(engine, path) as connection:
        migrate.upgrade(connection)
        if connection.execute(select(meta.c.value).where(meta.c.key == "id")).first() is None:
            connection.execute(insert(meta), {"key": "id", "value": str(uuid.uuid4())})
        return _identity(connection)


def _identity(connection: Connection) -> str:
    return str(connection.execute(select(meta.c.value).where(meta.c.key == "id")).scalar_one())


def _require_identity(found: str, expected: str, path: Path) -> None:
    if expected and found != expected:
        raise JournalError(
            N_("{path}: this is journal {found}, and dcctl.yml pins {expected}"),
            hint=N_("point journal: at the right file; one estate has one journal"),
            path=str(path),
            found=found,
            expected=expected,
        )


def _keep_plan(connection: Connection, plan: Plan) -> None:
    if connection.execute(select(plans.c.hash).where(plans.c.hash == plan.hash)).first():
        return
    content = zlib.compress(json.dumps(plain.to_plain(plan), separators=(",", ":")).encode(), 6)
    connection.execute(
        insert(plans),
        {
            "hash": plan.hash,
            "verb": plan.verb,
            "estate": plan.estate,
            "lab": plan.lab,
            "created_at": plan.created_at,
            "content": content,
        },
    )
    rows = [
        {
            "plan_hash": plan.hash,
            "position": position,
            "step": step.id,
            "target": step.target,
            "kind": step.kind.value,
            "executor": step.executor,
            "changes": step.changes,
        }
        for position, step in enumerate(plan.steps)
    ]
    if rows:
        connection.execute(insert(steps), rows)


def _plan(row: Any) -> Plan:
    plan = plain.from_plain(Plan, json.loads(zlib.decompress(row.content)))
    if plan.content_hash() != row.hash:
        raise JournalError(
            N_("plan {hash} in the journal is not what its hash says"), hash=row.hash
        )
    return plan


def _only(rows: Sequence[Any], name: str, nothing: str) -> Any:
    if not rows:
        raise NotFound(nothing, hint=N_("see dcctl runs list"), name=name)
    if len(rows) > 1:
        raise NotFound(N_("{name} could be more than one"), hint=N_("write more of it"), name=name)
    return rows[0]


def _run(row: Any) -> Run:
    data = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    del data["cancel"]
    data["versions"], data["request"] = json.loads(data["versions"]), json.loads(data["request"])
    return plain.from_plain(Run, data)


def _event(row: Any) -> Event:
    return Event(
        run=row.run,
        shard=row.shard,
        sequence=row.sequence,
        at=row.at,
        kind=EventKind(row.kind),
        target=row.target,
        step=row.step,
        data=json.loads(row.data),
    )
