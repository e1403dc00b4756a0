"""A run is judged and reported only while the journal has of it what was logged and signed."""

from __future__ import annotations

import pytest

from dcctl.errors import JournalError, Refused
from dcctl.workflows import report
from dcctl.workflows.evidence import pack
from dcctl.workflows.journal import checkpoint, verify
from dcctl.workflows.journal.whole import heads_over
from tests.unit.evidence.test_parties import raw

LATE = (
    "INSERT INTO events SELECT run, shard, 99, 99, at, kind, target, step, data FROM events"
    " WHERE run = (SELECT id FROM runs ORDER BY started_at DESC LIMIT 1) LIMIT 1"
)
ALTERED = {
    "altered": ("UPDATE events SET target = 'b' WHERE target = 'a'", "altered"),
    "missing": ("DELETE FROM events WHERE position > 5", "missing"),
    "added": (LATE, "ended after 14 events, and has 15"),
    "of somebody else": ("UPDATE runs SET operator = 'minh'", "altered"),
    "cut short": ("DELETE FROM ledger WHERE first > 1", "the log lists 2 leaves"),
}


@pytest.mark.parametrize(("sql", "said"), ALTERED.values(), ids=ALTERED.keys())
def test_what_is_not_what_was_logged_is_neither_judged_nor_reported(witnessed, sql, said):
    with witnessed.opened() as services:
        run = services.journal.runs()[0].id
        assert [head.size for head in heads_over(run, services)] == [services.journal.log_size]
    raw(witnessed, sql)
    with witnessed.opened() as services:
        with pytest.raises(JournalError, match=said):
            heads_over(run, services)
        with pytest.raises(JournalError, match=said):
            report.report(report.ReportRequest(run=run), services)


def test_what_was_told_after_the_end_is_found_by_counting_again(witnessed):
    raw(witnessed, LATE)
    with witnessed.opened() as services:
        wrong = [str(one) for one in verify.verify(services).wrong]
    assert any("ended after 14 events, and has 15" in one for one in wrong)


def test_hashes_that_fit_each_other_and_no_checkpoint(witnessed):
    raw(witnessed, "UPDATE events SET target = 'b' WHERE target = 'a'")
    raw(witnessed, "DELETE FROM ledger")
    raw(witnessed, "DELETE FROM tiles")
    with witnessed.opened() as services:
        services.journal.extend_log()
        with pytest.raises(JournalError, match="not the one that"):
            heads_over(services.journal.runs()[0].id, services)


def test_a_log_that_is_shorter_than_its_checkpoint(witnessed):
    raw(witnessed, "DELETE FROM ledger")
    raw(witnessed, "DELETE FROM tiles")
    with witnessed.opened() as services, pytest.raises(JournalError, match="not the one that"):
        heads_over(services.journal.runs()[0].id, services)


def test_a_forged_checkpoint_is_named(witnessed):
    path = next((witnessed.root / ".dcctl/checkpoints").iterdir())
    path.write_text(path.read_text().replace("\n", "\n9", 1))
    with witnessed.opened() as services, pytest.raises(Refused, match="forged checkpoint"):
        heads_over(services.journal.runs()[0].id, services)


def test_a_run_that_is_in_no_log_yet(parties):
    with parties.opened() as services:
        assert heads_over(services.journal.runs()[0].id, services) == []


def test_a_run_that_goes_on_after_it_was_signed(parties):
    """Interrupted, signed over, gone on with: nothing of that is wrong."""
    raw(parties, "UPDATE runs SET status = 'interrupted'")
    parties.witnessed()
    raw(parties, LATE.replace("99, 99", "99, 15"))
    with parties.opened() as services:
        run = services.journal.runs()[0].id
        assert len(heads_over(run, services)) == 1
        checkpoint.checkpoint(parties.own / "operator", services)
        assert heads_over(run, services)
        assert verify.verify(services).wrong == ()


def test_a_pack_says_which_answers_the_journal_lost(witnessed, tmp_path):
    raw(witnessed, "DELETE FROM blobs")
    with witnessed.opened() as services:
        assert len(pack.pack("latest", tmp_path / "lost.zip", services).missing) == 2
