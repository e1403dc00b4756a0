"""The journal of one estate: plans, runs, events and evidence, in one database."""

from __future__ import annotations

import json
import secrets as tokens
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, insert, select, update

from dcctl import clock
from dcctl.errors import InvalidInput, JournalError, NotFound
from dcctl.journal import discarding, importer, kept, locks, reader
from dcctl.journal import engine as database
from dcctl.journal.away import Away
from dcctl.journal.evidence import Evidence, Readings
from dcctl.journal.rows import event_of, keep_plan, plan_of, run_of
from dcctl.journal.schema import blobs, events, plans, runs, steps
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.plan import Plan
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from dcctl.model.backup import Backup
    from dcctl.model.outcome import Outcome

LATEST = "latest"
_ENDED = (RunStatus.FINISHED, RunStatus.CANCELLED)


class Journal(Away):
    """The journal of one estate; made by `Journal.open`, safe across threads."""

    # --- plans and runs ---

    def keep_plan(self, plan: Plan, *, operator: str) -> None:
        """Store `plan` under its hash, made by `operator`; again is fine, and the first stays.

        Raises:
            InvalidInput: the hash is not that of the content.
        """
        if plan.hash != plan.content_hash():
            raise InvalidInput(N_("the plan's hash is not that of its content"))
        with self._writing() as connection:
            keep_plan(connection, plan, operator)

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
            if not found:
                raise NotFound(
                    N_("no plan {name} in the journal"),
                    hint=N_("the newest that change something: {newest}"),
                    name=prefix,
                    newest=", ".join(_newest(connection)) or "-",
                )
        return plan_of(_only(found, prefix, ""))

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
            keep_plan(connection, plan, operator)
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

    def reopen_run(self, run_id: str) -> Run:
        """Mark an interrupted run as running again; an earlier request to cancel is forgotten."""
        with self._writing() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(status=RunStatus.RUNNING.value, finished_at="", cancel=0)
            )
        return self.run(run_id)

    def runs(self, limit: int = 50, *, verb: str = "") -> tuple[Run, ...]:
        """The last runs (of a verb), newest first."""
        query = select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
        if verb:
            query = query.where(runs.c.verb == verb)
        with self._reading() as connection:
            return tuple(run_of(row) for row in connection.execute(query))

    def run(self, name: str) -> Run:
        """The run that `name` (its id, the start or the end of it, or `latest`) stands for.

        Raises:
            NotFound: none does, or more than one.
        """
        if name == LATEST:
            found = self.newest()
            if found is None:
                raise NotFound(N_("the journal has no run yet"))
            return found
        with self._reading() as connection:
            query = select(runs).where(runs.c.id.startswith(name, autoescape=True)).limit(2)
            rows = connection.execute(query).all()
            if not rows and name:
                query = select(runs).where(runs.c.id.endswith(f"-{name}", autoescape=True)).limit(2)
                rows = connection.execute(query).all()
        return run_of(_only(rows, name, N_("no run {name} in the journal")))

    def newest(self, verb: str = "") -> Run | None:
        """The latest run (of a verb) that was carried out here, or is back."""
        query = select(runs).where(runs.c.status != RunStatus.AWAY.value)
        if verb:
            query = query.where(runs.c.verb == verb)
        newest = query.order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(newest).first()
        return None if row is None else run_of(row)

    def record(self, name: str, *, whole: bool = True) -> RunRecord:
        """Everything about one run, from the journal alone.

        With `whole=False` its readings stay in the journal until they are looked at.
        """
        run = self.run(name)
        with self._reading() as connection:
            content = connection.execute(
                select(plans.c.hash, plans.c.content).where(plans.c.hash == run.plan_hash)
            ).one()
        plan = plan_of(content)
        told = self.events(run.id, readings=whole)
        readings = None if whole else Readings(self.path, run.id, plan.targets)
        return reader.make_record(run, plan, told, self._kept(told), readings)

    def backups(self, target: str | None = None, limit: int = 50) -> tuple[Backup, ...]:
        """What was kept of the targets' configurations (or of one's), newest first."""
        with self._reading() as connection:
            return tuple(kept.backups(connection, target, limit))

    def upgrades(self) -> dict[str, tuple[str, Outcome]]:
        """The newest upgrade that was begun on each target: its run, and how it ended."""
        with self._reading() as connection:
            return kept.upgrades(connection)

    # --- events and evidence ---

    def events(self, run_id: str, *, after: int = 0, readings: bool = True) -> tuple[Event, ...]:
        """A run's events in the order of their import, but for the first `after` ones.

        Without `readings`, events that tell of one have no data.
        """
        query = (
            select(events)
            .where(events.c.run == run_id, events.c.position > after)
            .order_by(events.c.position)
        )
        if not readings:
            read = events.c.kind == EventKind.READING.value
            others = [column for column in events.c if column.name != "data"]
            data = case((read, "{}"), else_=events.c.data).label("data")
            query = query.with_only_columns(*others, data)
        with self._reading() as connection:
            return tuple(event_of(row) for row in connection.execute(query).all())

    def _kept(self, told: Iterable[Event]) -> frozenset[str]:
        """Which of the evidence that events tell of is here."""
        asked = sorted({str(e.data["digest"]) for e in told if e.kind is EventKind.EVIDENCE})
        with self._reading() as connection:
            return frozenset(importer.stored(connection, asked))

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
        """Bring what is new in a shard's log into the journal, with its evidence; gives the events.

        Raises:
            JournalError: the log is damaged before its end, or the journal can't be written.
        """
        folder = self._shards(run_id) / shard_id
        key = (run_id, shard_id)
        position = self._positions.get(key, importer.START)
        found = importer.read(folder, run_id, shard_id, position)
        if not found.lines:
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

    @contextmanager
    def evidence(self) -> Iterator[Evidence]:
        """`blob` for very many digests, also in a forked process."""
        with closing(Evidence(self.path)) as found:
            yield found

    def discard_shards(self, run_id: str) -> bool:
        """Remove the workers' logs of a run, once all that they say is here; false: it is not."""
        self.import_run(run_id)
        folders = [self._shards(run_id) / shard for shard in self.shard_ids(run_id)]
        with database.translated(self._shards(run_id)):
            with self._reading() as connection:
                told = [discarding.is_told(connection, f, run_id, f.name) for f in folders]
            if not all(told):
                return False
            for folder in folders:
                discarding.remove(folder)
            discarding.remove_empty(self._shards(run_id))
        return True

    def discard_ended(self) -> None:
        """Remove the workers' logs of every run that has ended and can't be resumed."""
        for run_id in discarding.leftovers(self._shards("")):
            # A log that is damaged, or that can't be removed, stays: it is no trouble of this run.
            with suppress(JournalError, NotFound):
                if self.run(run_id).status in _ENDED:
                    self.discard_shards(run_id)

    def _shards(self, run_id: str) -> Path:
        return self.path.parent / "shards" / run_id


def _newest(connection: Connection, most: int = 5) -> list[str]:
    """The newest plans that change something, each with its verb."""
    changing = select(steps.c.plan_hash).where(steps.c.changes)
    query = select(plans.c.hash, plans.c.verb).where(plans.c.hash.in_(changing))
    rows = connection.execute(query.order_by(plans.c.created_at.desc()).limit(most))
    return [f"{row.hash[:12]} ({row.verb})" for row in rows]


def _only(rows: Sequence[Any], name: str, nothing: str) -> Any:
    if not rows:
        raise NotFound(nothing, hint=N_("see dcctl runs list"), name=name)
    if len(rows) > 1:
        raise NotFound(N_("{name} could be more than one"), hint=N_("write more of it"), name=name)
    return rows[0]
