"""Workers' logs go once the journal has what they say; killed (-9) in between, nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from dcctl.contracts import LIFELINE
from dcctl.journal import Journal
from dcctl.journal.shardlog import BLOBS, LOG
from dcctl.model import plain
from dcctl.model.record import Run
from dcctl.model.status import RunStatus
from tests.unit.journal.conftest import URL, small_plan, write_shard

REMOVALS = frozenset({"os.remove", "os.rmdir"})


def ended(journal: Journal, run: Run, status: RunStatus = RunStatus.FINISHED) -> list[Path]:
    """Two shards of a run, imported, with what people may want to read beside them."""
    folders = [write_shard(journal, run, f"s{name}", name) for name in "ab"]
    for folder in folders:
        (folder / LIFELINE).touch()
        (folder / "worker.log").touch()
    journal.import_run(run.id)
    journal.finish_run(run.id, status)
    return folders


def told(journal: Journal, run: Run) -> object:
    record = journal.record(run.id)
    assert record.orphans == ()
    digests = [d for topics in record.readings.values() for d in topics["version"]["evidence"]]
    return plain.to_plain(record), [journal.blob(digest) for digest in digests]


@pytest.mark.parametrize("status", [RunStatus.FINISHED, RunStatus.CANCELLED])
def test_the_logs_of_an_ended_run_go(journal: Journal, run: Run, status: RunStatus) -> None:
    folders = ended(journal, run, status)
    before = told(journal, run)
    journal.discard_ended()
    assert not folders[0].parent.exists()
    assert told(journal, run) == before


@pytest.mark.parametrize("status", [RunStatus.RUNNING, RunStatus.INTERRUPTED])
def test_those_of_a_run_that_may_go_on_stay(journal: Journal, run: Run, status: RunStatus) -> None:
    folders = ended(journal, run, status)
    journal.discard_ended()
    assert all((folder / LOG).exists() and any((folder / BLOBS).iterdir()) for folder in folders)


def test_what_people_read_stays(journal: Journal, run: Run) -> None:
    folders = ended(journal, run)
    (folders[0] / "sessions").mkdir()
    (folders[0] / "sessions/a.log").write_text("")
    (folders[0] / "worker.log").write_text("Traceback")
    journal.discard_ended()
    left = sorted(str(path.relative_to(folders[0])) for path in folders[0].rglob("*"))
    assert left == ["sessions", "sessions/a.log", "worker.log"]
    assert not folders[1].exists()
    journal.discard_ended()
    assert (folders[0] / "worker.log").exists()


def test_what_was_not_imported_is_imported_first(journal: Journal, run: Run) -> None:
    ended(journal, run)
    late = write_shard(journal, run, "sc", "u")
    journal.discard_ended()
    assert not late.exists()
    assert "u/role:base" in {event.step for event in journal.events(run.id)}


def test_evidence_that_the_journal_did_not_take_stays(journal: Journal, run: Run) -> None:
    folder = write_shard(journal, run, "sa", "a")
    (blob,) = (folder / BLOBS).iterdir()
    blob.write_bytes(b"damaged")
    journal.import_run(run.id)
    journal.finish_run(run.id, RunStatus.FINISHED)
    journal.discard_ended()
    assert blob.exists()
    assert (folder / LOG).exists()


def test_a_damaged_log_of_another_run_is_left_and_is_no_trouble(journal: Journal, run: Run) -> None:
    folders = ended(journal, run)
    other = journal.open_run(small_plan(), operator="test", request={})
    write_shard(journal, other, "sa", "a")
    (journal.shard_folder(other.id, "sa") / LOG).write_bytes(b"no event\n")
    journal.finish_run(other.id, RunStatus.FINISHED)
    journal.discard_ended()
    assert not folders[0].exists()
    assert (journal.shard_folder(other.id, "sa") / LOG).exists()


def test_killed_at_any_removal_the_next_one_goes_on(tmp_path: Path) -> None:
    """Each child of ours kills itself before its nth removal; nothing that was told is lost."""
    for number in range(1, 100):
        root = tmp_path / str(number)
        root.mkdir()
        with Journal.open(URL, root=root) as journal:
            run = journal.open_run(small_plan(), operator="test", request={})
            folders = ended(journal, run)
            before = told(journal, run)
        child = os.fork()
        if child == 0:
            _discard_until(root, number)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with Journal.open(URL, root=root) as journal:
            assert told(journal, run) == before, number
            journal.import_run(run.id)
            assert told(journal, run) == before, number
            journal.discard_ended()
            assert not folders[0].parent.exists(), number
            assert told(journal, run) == before, number
        if status == 0:
            assert number > len(folders) * 5
            return
        assert status == -signal.SIGKILL
    pytest.fail("it removes without end")


def _discard_until(root: Path, deadly: int) -> None:
    passed = 0

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal passed
        if event in REMOVALS:
            passed += 1
            if passed == deadly:
                os.kill(os.getpid(), signal.SIGKILL)

    status = 1
    try:
        with Journal.open(URL, root=root) as journal:
            sys.addaudithook(count)
            journal.discard_ended()
            status = 0
    finally:
        os._exit(status)
