"""Signatures, signers and requests: added, never altered, and told in their order."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dcctl import clock
from dcctl.errors import Refused
from dcctl.journal import Journal, migrate
from dcctl.model.approval import SignedApproval
from tests.unit.journal.conftest import URL, small_plan


def approval(plan: str, approver: str, signature: str) -> SignedApproval:
    return SignedApproval(
        plan=plan,
        approver=approver,
        role="approver",
        at=clock.now().isoformat(),
        statement="{}",
        signature=signature,
    )


def test_signatures_are_only_added(journal: Journal, run) -> None:
    with clock.use(clock.ManualClock()) as time:
        for name, signature in (("an", "one"), ("an", "two"), ("binh", "three"), ("an", "one")):
            journal.keep_approval(approval(run.plan_hash, name, signature))
            time.sleep(1)
    found = [(one.approver, one.signature) for one in journal.approvals(run.plan_hash)]
    assert found == [("an", "one"), ("an", "two"), ("binh", "three")]
    assert journal.approvals("f" * 64) == ()


def test_signers_follow_one_another(journal: Journal) -> None:
    assert journal.pinned_signers() is None
    first = journal.pin_signers("one", instead_of="")
    with pytest.raises(Refused, match="in the meantime"):
        journal.pin_signers("two", instead_of="")
    second = journal.pin_signers("two", instead_of=first.digest, approver="an")
    assert journal.pinned_signers() == second
    assert (second.content, second.approver) == ("two", "an")


def test_who_made_a_plan_first_stays(journal: Journal) -> None:
    plan = small_plan()
    journal.keep_plan(plan, operator="an")
    journal.keep_plan(plan, operator="binh")
    journal.open_run(plan, operator="chi", request={})
    assert journal.made_by(plan.hash) == "an"
    assert journal.made_by("f" * 64) == ""


def test_a_pause_is_asked_for_and_taken_back(journal: Journal, run) -> None:
    assert not journal.asked_of(run.id).pause
    journal.request_pause(run.id, operator="an")
    assert journal.asked_of(run.id).pause
    journal.request_cancel(run.id, operator="an")
    assert journal.asked_of(run.id).pause
    journal.request_go_on(run.id, operator="binh")
    assert not journal.asked_of(run.id).pause
    asked = [(one.kind, one.operator) for one in journal.controls(run.id)]
    assert asked == [("pause", "an"), ("cancel", "an"), ("go_on", "binh")]


def test_a_journal_of_the_first_schema_goes_on(tmp_path: Path, monkeypatch) -> None:
    """Its plans and runs are there; who made them was not written down then."""
    from alembic import command

    with monkeypatch.context() as old:
        upgrade = command.upgrade
        old.setattr(command, "upgrade", lambda config, _head: upgrade(config, "0001"))
        old.setattr(migrate, "newest", lambda: "0001")
        old.setattr(migrate, "_make", migrate.migrate)
        Journal.open(URL, root=tmp_path).close()
    file = tmp_path / ".dcctl/journal.db"
    with sqlite3.connect(file) as raw:
        assert "operator" not in {row[1] for row in raw.execute("PRAGMA table_info(plans)")}
        raw.execute("INSERT INTO plans VALUES ('ab', 'build', 'e', 1, 'now', x'00')")
    raw.close()
    with Journal.open(URL, root=tmp_path) as journal:
        assert journal.made_by("ab") == ""
        assert journal.approvals("ab") == ()
