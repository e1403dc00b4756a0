"""The journal as a store: private, durable, exact, and clear about what is wrong with it."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl import clock
from dcctl.errors import InvalidInput, JournalError, NotFound
from dcctl.journal import Journal, ShardLog
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.status import RunStatus
from tests.unit.journal.conftest import URL, small_plan, write_shard


def in_child(work) -> str:
    """What `work` returns or raises, done in a forked process."""
    return begun_in_child(work)()


def begun_in_child(work) -> Callable[[], str]:
    """The same, begun; the result is to be called for."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        sys.dont_write_bytecode = True  # where files may not grow it would be cut short
        try:
            said = str(work())
        except BaseException as error:  # noqa: BLE001
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)

    def result() -> str:
        with os.fdopen(read) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return said

    return result


def test_it_is_private_and_keeps_its_id(tmp_path: Path) -> None:
    with Journal.open(URL, root=tmp_path) as journal:
        first = journal.id
        folder = journal.shard_folder("r", "s")
    for path in (tmp_path / ".dcctl" / "journal.db", tmp_path / ".dcctl", folder, folder.parent):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    with Journal.open(URL, root=tmp_path, create=False, expected=first) as again:
        assert again.id == first


def test_settings_of_every_connection(journal: Journal) -> None:
    with journal._reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_plans_come_back_as_they_were(journal: Journal) -> None:
    plan = small_plan(options={"max_failures": "10%"}, digests={"role:base": "ab"})
    journal.keep_plan(plan, operator="an")
    journal.keep_plan(plan, operator="an")
    assert journal.plan(plan.hash[:8]) == plan
    with pytest.raises(NotFound):
        journal.plan("f" * 64)
    with pytest.raises(InvalidInput):
        journal.keep_plan(replace(plan, verb="other"), operator="an")


def test_runs_are_found_by_their_start_their_end_and_latest(journal: Journal) -> None:
    plan = small_plan()
    with clock.use(clock.ManualClock()) as now:
        runs = []
        for _ in range(3):
            runs.append(journal.open_run(plan, operator="me", request={"a": [1]}))
            now.advance(60)
    assert [run.id for run in journal.runs()] == [run.id for run in reversed(runs)]
    assert journal.runs(limit=1) == (runs[2],)
    assert journal.run("latest") == runs[2]
    assert journal.run(runs[0].id) == runs[0]
    assert journal.run(runs[1].id[:-2]) == runs[1]
    assert journal.run(runs[1].id[-6:]) == runs[1]
    with pytest.raises(NotFound, match="more than one"):
        journal.run(runs[0].id[:9])
    with pytest.raises(NotFound):
        journal.run("%")
    journal.finish_run(runs[0].id, RunStatus.FINISHED)
    assert journal.run(runs[0].id).status is RunStatus.FINISHED


def test_an_empty_journal_has_no_latest(journal: Journal) -> None:
    with pytest.raises(NotFound, match="no run yet"):
        journal.record("latest")


def test_read_only_reads_and_never_writes(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no journal yet"):
        Journal.open(URL, root=tmp_path, read_only=True)
    with Journal.open(URL, root=tmp_path) as journal:
        run = journal.open_run(small_plan(), operator="me", request={})
    with Journal.open(URL, root=tmp_path, read_only=True) as journal:
        assert journal.record("latest").run.id == run.id
        with pytest.raises(JournalError, match="read only"):
            journal.finish_run(run.id, RunStatus.FINISHED)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///x/j.db", "x/j.db"),
        ("j.db", "j.db"),
    ],
)
def test_where_a_url_points(tmp_path: Path, url: str, path: str) -> None:
    with Journal.open(url, root=tmp_path) as journal:
        assert journal.path == tmp_path / path
    absolute = tmp_path / "elsewhere.db"
    with Journal.open(f"sqlite:///{absolute}", root=Path("/nowhere")) as journal:
        assert journal.path == absolute


def test_another_database_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(JournalError) as caught:
        Journal.open("postgresql://me:hunter2@db/x", root=tmp_path)
    assert "hunter2" not in str(caught.value)


# --- what is wrong with it: one clear line, and nothing lost ---


def test_another_estates_journal(tmp_path: Path) -> None:
    Journal.open(URL, root=tmp_path).close()
    with pytest.raises(JournalError, match=r"dcctl\.yml pins 1234"):
        Journal.open(URL, root=tmp_path, expected="1234")


def test_a_journal_of_a_later_version(tmp_path: Path) -> None:
    Journal.open(URL, root=tmp_path).close()
    with sqlite3.connect(tmp_path / ".dcctl/journal.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for read_only in (False, True):
        with pytest.raises(JournalError, match="schema 9999") as caught:
            Journal.open(URL, root=tmp_path, read_only=read_only)
        assert "later" in str(caught.value.hint)


def test_a_database_of_something_else(tmp_path: Path) -> None:
    (tmp_path / ".dcctl").mkdir()
    with sqlite3.connect(tmp_path / ".dcctl/journal.db") as database:
        database.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(JournalError, match="no journal"):
        Journal.open(URL, root=tmp_path)


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 500, b"SQLite format 3\x00" + b"x" * 99]
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ".dcctl" / "journal.db"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(JournalError, match="damaged"):
        Journal.open(URL, root=tmp_path)
    assert path.read_bytes() == content


def test_a_page_that_was_overwritten(tmp_path: Path) -> None:
    with Journal.open(URL, root=tmp_path) as journal:
        for _ in range(20):
            journal.open_run(small_plan(), operator="x" * 200, request={})
    path = tmp_path / ".dcctl" / "journal.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(JournalError, match="damaged"), Journal.open(URL, root=tmp_path) as journal:
        journal.runs()


def test_evidence_that_was_altered_is_not_given_out(journal: Journal, run) -> None:
    write_shard(journal, run, "s1", "a")
    journal.import_shard(run.id, "s1")
    (digest,) = journal.record(run.id).readings["a"]["version"]["evidence"]
    assert journal.blob(digest) == b"evidence of a"
    with journal._writing() as connection:
        connection.exec_driver_sql(
            "UPDATE blobs SET content = x'789c0300000000 01'".replace(" 0", "0")
        )
    with pytest.raises(JournalError, match="not what its digest says"):
        journal.blob(digest)
    with pytest.raises(NotFound):
        journal.blob("0" * 64)


def test_a_plan_that_was_altered_is_not_given_out(journal: Journal, run) -> None:
    other = small_plan(options={"x": 1})
    journal.keep_plan(other, operator="an")
    with journal._writing() as connection:
        connection.exec_driver_sql(
            "UPDATE plans SET content = (SELECT content FROM plans WHERE hash = ?) WHERE hash = ?",
            (other.hash, run.plan_hash),
        )
    with pytest.raises(JournalError, match="not what its hash says"):
        journal.plan(run.plan_hash)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with Journal.open(URL, root=tmp_path) as journal:
        run = journal.open_run(small_plan(), operator="me", request={})
    tmp_path.chmod(0o755)
    for path in (tmp_path / ".dcctl", tmp_path / ".dcctl" / "journal.db"):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def as_nobody(work):
        def child():
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            return work()

        return in_child(child)

    for folder in tmp_path.parents:
        if os.geteuid() == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)  # pytest's own are closed to nobody
    assert "JournalError: " in (said := as_nobody(lambda: Journal.open(URL, root=tmp_path)))
    assert "can't be" in said
    new = "sqlite:///other/journal.db"
    assert "JournalError" in as_nobody(lambda: Journal.open(new, root=tmp_path))
    read = as_nobody(lambda: Journal.open(URL, root=tmp_path, read_only=True).run("latest").id)
    assert read == run.id
    for path in (tmp_path / ".dcctl", tmp_path / ".dcctl" / "journal.db"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def test_no_room_left(tmp_path: Path) -> None:
    """Files that may not grow stand for a full disk: one line, and what was there stays."""
    with Journal.open(URL, root=tmp_path) as journal:
        run = journal.open_run(small_plan(), operator="me", request={})

    def fill():
        with Journal.open(URL, root=tmp_path) as journal:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            for number in range(1000):
                journal.open_run(small_plan(), operator=f"{number}" * 100, request={})

    said = in_child(fill)
    assert said.startswith("JournalError: ")
    assert "journal.db" in said
    assert "\n" not in said
    with Journal.open(URL, root=tmp_path) as journal:
        runs = journal.runs(limit=2000)
        assert runs[-1].id == run.id
        assert 0 < len(runs) < 1000
        assert all(journal.record(one.id).orphans == () for one in runs[:3])


# --- many at once ---


def test_two_processes_make_one_journal(tmp_path: Path) -> None:
    """The schema is made once, whoever comes first."""
    # Forked from the one thread there is: a child of one among many can inherit a lock for ever.
    begun = [begun_in_child(lambda: Journal.open(URL, root=tmp_path).id) for _ in range(4)]
    identities = [result() for result in begun]
    assert len(set(identities)) == 1
    assert "Error" not in identities[0]


def test_threads_write_side_by_side(journal: Journal) -> None:
    plan = small_plan()

    def open_some() -> None:
        for _ in range(10):
            journal.open_run(plan, operator="me", request={})

    threads = [threading.Thread(target=open_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal.runs()) == 40


def test_a_new_journal_is_what_the_migrations_make(journal: Journal, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import Connection, create_engine, text

    from dcctl.journal import migrate
    from dcctl.journal.schema import METADATA

    def look(connection: Connection) -> list[object]:
        assert migrate.revision(connection) == migrate.newest()
        columns = text("SELECT * FROM pragma_table_info('alembic_version')")
        versions.append([tuple(row) for row in connection.execute(columns)])
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [
            one
            for one in compare_metadata(context, METADATA)
            if one[0] != "remove_table" or one[1].name != "alembic_version"
        ]

    versions: list[object] = []
    with create_engine(f"sqlite:///{tmp_path / 'walked.db'}").begin() as connection:
        migrate.migrate(connection)
        assert look(connection) == []
    with journal._reading() as connection:
        assert look(connection) == []
    assert versions[0] == versions[1]


def test_the_schema_fits_postgresql() -> None:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from dcctl.journal.schema import METADATA

    for table in METADATA.sorted_tables:
        text = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "SQLITE" not in text.upper()


def test_readings_left_in_the_journal_are_the_same(journal: Journal) -> None:
    run = journal.open_run(small_plan(), operator="lan", request={})
    for shard in ("g10", "g2"):  # the later shard has the last word
        log = ShardLog(journal.shard_folder(run.id, shard), run.id, shard)
        for name in ("b", "a", "nobody"):
            for topic in ("version", "boot"):
                data = {"topic": topic, "status": "parsed", "value": {"from": shard}}
                log.emit(EventKind.READING, target=name, step=f"{name}/collect:facts", **data)
        log.close()
    journal.import_run(run.id)
    whole, left = journal.record(run.id), journal.record(run.id, whole=False)
    assert list(whole.readings) == ["a", "b"]
    assert whole.readings["a"]["boot"]["value"] == {"from": "g10"}
    assert plain.to_plain(left) == plain.to_plain(whole)
    assert list(left.readings) == list(whole.readings)
    assert "nobody" not in left.readings


def test_evidence_is_at_hand_in_a_fork_too(journal: Journal) -> None:
    run = journal.open_run(small_plan(), operator="lan", request={})
    write_shard(journal, run, "one", "a")
    journal.import_run(run.id)
    digest = next(e.data["digest"] for e in journal.events(run.id) if e.kind is EventKind.EVIDENCE)
    with journal.evidence() as evidence:
        assert evidence(digest) == journal.blob(digest)
        assert in_child(lambda: evidence(digest)) == str(journal.blob(digest))
        assert in_child(lambda: evidence("ab" * 32)).startswith("NotFound")
        assert evidence(digest) == journal.blob(digest)
    path = journal.path
    database = sqlite3.connect(path)
    database.execute("UPDATE blobs SET content = ?", (b"x",))
    database.commit()
    database.close()
    with journal.evidence() as evidence, pytest.raises(JournalError, match="not what its digest"):
        evidence(digest)
