"""Locks: all or none, seen by every process, and left behind on purpose by one that died."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from dcctl import clock
from dcctl.errors import LockHeld
from dcctl.journal import Journal
from dcctl.journal.locks import process_mark
from dcctl.model.status import RunStatus
from tests.unit.journal.conftest import URL, small_plan

PAIR = ["target:a", "group:pair"]


def names(journal: Journal) -> list[str]:
    return [lock.name for lock in journal.locks()]


def die_holding(root: Path, owner: str) -> None:
    """A process that takes locks and is killed."""
    child = os.fork()
    if child == 0:
        Journal.open(URL, root=root).take_locks(PAIR, owner)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def test_all_or_none(journal: Journal) -> None:
    with journal.lock(["target:b"], "one"):
        with pytest.raises(LockHeld, match="one"), journal.lock(["target:a", "target:b"], "two"):
            pytest.fail("held by another")
        assert names(journal) == ["target:b"]
    assert names(journal) == []


def test_they_are_given_back_when_the_block_fails(journal: Journal) -> None:
    with pytest.raises(ZeroDivisionError), journal.lock(PAIR, "one"):
        raise ZeroDivisionError
    assert names(journal) == []


def test_another_process_is_kept_out_while_we_live(journal: Journal, tmp_path: Path) -> None:
    from tests.unit.journal.test_store import in_child

    with journal.lock(PAIR, "one"):
        for owner in ("one", "two"):  # not even in our own name
            said = in_child(lambda o=owner: Journal.open(URL, root=tmp_path).take_locks(PAIR, o))
            assert said.startswith("LockHeld: ")
            assert str(os.getpid()) in said


def test_a_dead_owners_lock_passes_to_its_own_run_only(journal: Journal, tmp_path: Path) -> None:
    die_holding(tmp_path, "one")
    assert {(lock.owner, lock.alive) for lock in journal.locks()} == {("one", False)}
    with pytest.raises(LockHeld, match="died") as caught:
        journal.take_locks(["group:pair"], "two")
    assert "resume one" in str(caught.value.hint)
    with journal.lock(PAIR, "one"):
        assert all(lock.alive and lock.ours for lock in journal.locks())


def test_far_away_the_heartbeat_tells(journal: Journal) -> None:
    with clock.use(clock.ManualClock()) as now:
        journal.take_locks(PAIR, "one")
        with journal._writing() as connection:
            connection.exec_driver_sql("UPDATE locks SET host = 'elsewhere'")
        now.advance(500)
        journal.heartbeat("one")
        now.advance(500)
        assert {lock.alive for lock in journal.locks()} == {True}
        now.advance(200)
        assert {lock.alive for lock in journal.locks()} == {False}
        journal.take_locks(PAIR, "one")


def test_a_later_process_of_the_same_number_is_another(journal: Journal) -> None:
    journal.take_locks(PAIR, "one")
    with journal._writing() as connection:
        connection.exec_driver_sql("UPDATE locks SET process = 'boot:1'")
    assert {lock.alive for lock in journal.locks()} == {False}
    assert process_mark(os.getpid())
    assert process_mark(2**22 + 1) == ""


def test_a_finished_run_holds_nothing(journal: Journal) -> None:
    run = journal.open_run(small_plan(), operator="me", request={})
    journal.take_locks(PAIR, run.id)
    assert len(names(journal)) == 3
    journal.finish_run(run.id, RunStatus.FINISHED)
    assert names(journal) == []


def test_what_others_rely_on_is_left_alone(journal: Journal) -> None:
    journal.take_locks(["target:pe1", "kept:pe2:pe1", "kept:core:pe1"], "one")
    with pytest.raises(LockHeld, match="kept:pe2:pe1"):
        journal.take_locks(["target:pe2"], "two")
    with pytest.raises(LockHeld, match="kept:pe2:pe1"):
        journal.take_locks(["target:pe2"], "one")  # not even by the run that claims it
    journal.take_locks(["target:other", "kept:core:other"], "two")  # many may rely on one
    journal.release_locks("one", ["target:pe1", "kept:pe2:pe1", "kept:core:pe1"])
    journal.take_locks(["target:pe2"], "two")


def test_what_is_being_changed_can_t_be_relied_on(journal: Journal) -> None:
    journal.take_locks(["target:pe2"], "one")
    with pytest.raises(LockHeld, match="target:pe2"):
        journal.take_locks(["target:pe1", "kept:pe2:pe1"], "two")
    assert names(journal) == ["target:pe2"]


def test_a_name_is_no_pattern(journal: Journal) -> None:
    journal.take_locks(["target:a1b", "kept:axb:a1b"], "one")
    journal.take_locks(["target:a_b"], "two")
    assert "target:a_b" in names(journal)
