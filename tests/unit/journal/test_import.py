"""Importing: any order, any number of times, torn anywhere; never twice, never more."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcctl.errors import JournalError
from dcctl.journal import Journal, ShardLog
from dcctl.journal.shardlog import LOG, blob_path, read_log
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.record import Run
from tests.unit.journal.conftest import URL, outcome, small_plan, write_shard, write_target

MANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SHARDS = ("g001-w0-s1", "g001-w0-s2", "g002-w0-s1")


@contextmanager
def fresh() -> Iterator[tuple[Journal, Run, Path]]:
    """A journal of its own, for each example."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with Journal.open(URL, root=root) as journal:
            yield journal, journal.open_run(small_plan(), operator="x", request={}), root


def told(journal: Journal, run: Run) -> bytes:
    """The record, but for what differs between two runs."""
    record = journal.record(run.id)
    nameless = replace(record.run, id="", started_at="", finished_at="")
    return plain.canonical(replace(record, run=nameless)).replace(run.id.encode(), b"RUN")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[str, Path]:
    """Three shards' folders as workers left them."""
    root = tmp_path_factory.mktemp("written")
    with Journal.open(URL, root=root) as journal:
        run = journal.open_run(small_plan(), operator="x", request={})
        write_shard(journal, run, SHARDS[0], "a")
        write_shard(journal, run, SHARDS[1], "b")
        write_shard(journal, run, SHARDS[2], "a")
        return run.id, journal.shard_folder(run.id, SHARDS[0]).parent


def place(journal: Journal, run: Run, written: tuple[str, Path], shard: str, cut: int = 0) -> Path:
    """Put a copy of a shard's folder under another run, its log cut off at a byte."""
    name, folder = written
    target = journal.shard_folder(run.id, shard)
    shutil.copytree(folder / shard, target, dirs_exist_ok=True)
    data = (folder / shard / LOG).read_bytes().replace(name.encode(), run.id.encode())
    (target / LOG).write_bytes(data[:cut] if cut else data)
    return target


@MANY
@given(order=st.lists(st.sampled_from(SHARDS), max_size=8), data=st.data())
def test_any_order_any_number_of_times(written, order, data) -> None:
    with fresh() as (journal, run, _):
        for shard in SHARDS:
            place(journal, run, written, shard)
            journal.import_shard(run.id, shard)
        expected = told(journal, run)
        count = len(journal.events(run.id))
    with fresh() as (journal, run, _root):
        sizes = {}
        for shard in SHARDS:
            sizes[shard] = (place(journal, run, written, shard) / LOG).stat().st_size
        for shard in (*order, *SHARDS):
            if data.draw(st.booleans()):  # the log is still growing when it is first looked at
                place(journal, run, written, shard, data.draw(st.integers(1, sizes[shard])))
                journal._positions.clear()
                journal.import_shard(run.id, shard)
            place(journal, run, written, shard)
            if data.draw(st.booleans()):  # as another process would
                journal._positions.clear()
            journal.import_shard(run.id, shard)
            assert journal.import_shard(run.id, shard) == ()
        assert told(journal, run) == expected
        assert len(journal.events(run.id)) == count
        positions = [json.dumps(plain.to_plain(e)) for e in journal.events(run.id)]
        assert len(set(positions)) == count
        assert journal.events(run.id, after=count - 1) == journal.events(run.id)[-1:]


@MANY
@given(data=st.data())
def test_a_log_cut_off_anywhere_gives_a_prefix(written, data) -> None:
    name, folder = written
    whole = (folder / SHARDS[0] / LOG).read_bytes()
    events, _ = read_log(folder / SHARDS[0] / LOG)
    cut = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.sampled_from([b"", b"\x00" * 7, b'{"run":', b"\xff\xfe"]))
    with fresh() as (journal, run, _):
        target = place(journal, run, written, SHARDS[0])
        (target / LOG).write_bytes(whole[:cut].replace(name.encode(), run.id.encode()) + junk)
        new = journal.import_shard(run.id, SHARDS[0])
        assert len(new) == whole[:cut].count(b"\n")
        assert [e.kind for e in new] == [e.kind for e in events[: len(new)]]
        journal.record(run.id)
        # The worker comes back: its log goes on where it was cut, and the journal with it.
        with ShardLog(target, run.id, SHARDS[0]) as log:
            assert len(log.before) == len(new)
            log.emit(EventKind.SHARD_FINISHED, durable=True)
        (last,) = journal.import_shard(run.id, SHARDS[0])
        assert (last.kind, last.sequence) == (EventKind.SHARD_FINISHED, len(new) + 1)


def test_a_line_damaged_before_the_end_is_never_skipped(journal: Journal, run) -> None:
    folder = write_shard(journal, run, "s", "a")
    lines = (folder / LOG).read_bytes().splitlines(keepends=True)
    for damaged in (b"{}\n", lines[2], b"garbage\n"):
        (folder / LOG).write_bytes(b"".join([*lines[:1], damaged, *lines[2:]]))
        with pytest.raises(JournalError, match="line 2"):
            journal.import_shard(run.id, "s")
        with pytest.raises(JournalError, match="line 2"):
            ShardLog(folder, run.id, "s")


def test_anothers_log_is_refused(journal: Journal, run) -> None:
    folder = write_shard(journal, run, "s", "a")
    target = journal.shard_folder(run.id, "t")
    (target / LOG).write_bytes((folder / LOG).read_bytes())
    with pytest.raises(JournalError, match="shard s"):
        journal.import_shard(run.id, "t")


def test_evidence_must_be_what_its_digest_says(journal: Journal, run) -> None:
    folder = write_shard(journal, run, "s", "a")
    (digest,) = (path.name[:-2] for path in (folder / "blobs").iterdir())
    other = ShardLog(journal.shard_folder(run.id, "o"), run.id, "o").keep("else", target="a")
    blob_path(folder, digest).write_bytes(
        blob_path(journal.shard_folder(run.id, "o"), other).read_bytes()
    )
    journal.import_shard(run.id, "s")
    assert any(digest in line for line in journal.record(run.id).orphans)


def test_a_worker_that_redacts_less_brings_no_secret_in(journal: Journal, run, monkeypatch) -> None:
    from dcctl.journal import redaction

    with monkeypatch.context() as patch:
        patch.setattr(redaction, "by_pattern", lambda text: text)
        with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
            digest = log.keep("enable secret 5 $1$salt$hashhashhash\n", target="a")
            log.emit(EventKind.STEP_PROGRESS, target="a", said="snmp-server community s3cret RO")
    journal.import_shard(run.id, "s")
    assert any(digest in line for line in journal.record(run.id).orphans)
    assert "s3cret" not in str(journal.events(run.id))


def test_a_line_that_could_not_be_written_leaves_no_part(tmp_path: Path) -> None:
    """A full disk in the middle of a line: an error, and the log stays whole."""
    import resource

    from tests.unit.journal.test_store import in_child

    folder = tmp_path / "s"

    def fill():
        with ShardLog(folder, "r", "s") as log:
            resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
            for _ in range(100):
                log.emit(EventKind.STEP_PROGRESS, message="x" * 300, durable=True)

    said = in_child(fill)
    assert said.startswith("JournalError: ")
    assert "\n" not in said
    events, size = read_log(folder / LOG)
    assert size == (folder / LOG).stat().st_size
    assert 5 < len(events) < 100
    with ShardLog(folder, "r", "s") as log:
        write_target(log, "a")
    assert len(read_log(folder / LOG)[0]) == len(events) + 7


def test_a_durable_event_is_synced_before_emit_returns(tmp_path: Path, monkeypatch) -> None:
    import os

    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (real(fd), synced.append(os.fstat(fd).st_size)))
    with ShardLog(tmp_path / "s", "r", "s") as log:
        log.emit(EventKind.STEP_PROGRESS, message="not yet")
        before = len(synced)
        log.emit(EventKind.STEP_STARTED, target="a", step="a/role:x", durable=True)
        assert len(synced) == before + 1
        assert synced[-1] == (tmp_path / "s" / LOG).stat().st_size


def test_odd_text_is_stored_and_comes_back(journal: Journal, run) -> None:
    """A device may send anything; it must neither stop the journal nor split a line."""
    odd = "tab\t, \x00, line\nfeed\r, \u2028, Hòa Lạc, \ud800, ☃"
    with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
        log.emit(EventKind.STEP_PROGRESS, target="a", said=odd, number=float("nan"), big=2**70)
        digest = log.keep(odd, target="a")
        binary = log.keep(bytes(range(256)), target="a", media_type="application/octet-stream")
    (first, *_) = journal.import_shard(run.id, "s")
    assert first.data["said"] == odd.replace("\ud800", "\\ud800")
    assert first.data["big"] == 2**70
    assert journal.blob(digest).decode() == odd.replace("\ud800", "\\ud800")
    assert journal.blob(binary) == bytes(range(256))
    plain.canonical(journal.record(run.id))


def test_threads_share_a_log(tmp_path: Path) -> None:
    import threading

    with ShardLog(tmp_path / "s", "r", "s") as log:

        def work(name: str) -> None:
            for _ in range(30):
                write_target(log, name)

        threads = [threading.Thread(target=work, args=(n,)) for n in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    events, _ = read_log(tmp_path / "s" / LOG)
    assert [event.sequence for event in events] == list(range(1, 4 * 30 * 7 + 1))


def test_outcomes_say_the_same_after_the_journey(journal: Journal, run) -> None:
    sent = outcome("a/role:base", changed=("one", "two"), data={"diff": ["- a", "+ b"]})
    with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
        log.emit(EventKind.STEP_FINISHED, target="a", step="a/role:base", outcome=sent)
    journal.import_shard(run.id, "s")
    assert journal.record(run.id).outcomes["a/role:base"] == sent


def test_after_a_failed_sync_nothing_is_durable_any_more(tmp_path: Path, monkeypatch) -> None:
    """The kernel tells of a lost page once; the next fsync succeeds without it."""
    import os

    real, failures = os.fsync, [OSError(5, "Input/output error")]

    def fsync(file: int) -> None:
        if failures:
            raise failures.pop()
        real(file)

    with ShardLog(tmp_path, "run", "s1") as log:
        monkeypatch.setattr(os, "fsync", fsync)
        for _ in range(2):
            with pytest.raises(JournalError):
                log.emit(EventKind.STEP_STARTED, target="a", step="a/role:x", durable=True)
        log.close = lambda: None  # type: ignore[method-assign] # it would raise once more
