"""Records: every step has one outcome and every planned check one finding, whatever is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl.journal import Journal, ShardLog
from dcctl.journal.shardlog import blob_path
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.status import (
    FindingStatus,
    NotEvaluated,
    NotStarted,
    RunStatus,
    Severity,
    StepStatus,
)
from dcctl.planning.steps import observe_steps
from tests.unit.journal.conftest import finding, outcome, small_plan, write_shard


def test_what_was_told_and_what_its_absence_means(journal: Journal, run) -> None:
    write_shard(journal, run, "s1", "a")
    journal.import_run(run.id)
    journal.finish_run(run.id, RunStatus.INTERRUPTED)
    record = journal.record("latest")
    assert list(record.outcomes) == [step.id for step in record.plan.steps]
    assert {name: (o.status, o.reason) for name, o in record.outcomes.items()} == {
        "a/role:base": (StepStatus.CHANGED, ""),
        "a/collect:facts": (StepStatus.OK, ""),
        "b/role:base": (StepStatus.NOT_STARTED, NotStarted.INTERRUPTED),
        "b/collect:facts": (StepStatus.NOT_STARTED, NotStarted.INTERRUPTED),
        "u/role:base": (StepStatus.NOT_STARTED, NotStarted.UNMANAGED),
        "u/collect:facts": (StepStatus.NOT_STARTED, NotStarted.UNMANAGED),
    }
    assert [(f.target, f.status, f.reason) for f in record.findings] == [
        ("a", FindingStatus.PASS, ""),
        ("b", FindingStatus.NOT_EVALUATED, NotEvaluated.NOT_STARTED),
        ("u", FindingStatus.NOT_EVALUATED, NotEvaluated.UNMANAGED),
    ]
    assert {f.severity for f in record.findings} == {Severity.CRITICAL}
    assert record.orphans == ()


def test_a_finished_run_without_an_outcome_is_an_error(journal: Journal, run) -> None:
    journal.finish_run(run.id, RunStatus.FINISHED)
    record = journal.record(run.id)
    assert {o.status for o in record.outcomes.values()} == {StepStatus.ERROR}
    assert {str(o.message) for o in record.outcomes.values()} == {"no outcome was recorded"}
    assert {f.reason for f in record.findings} == {NotEvaluated.ERROR}
    assert record.exit_code() == 4


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (StepStatus.UNREACHABLE, NotEvaluated.UNREACHABLE),
        (StepStatus.ERROR, NotEvaluated.ERROR),
        (StepStatus.OK, NotEvaluated.ERROR),  # it says it read, and judged nothing
    ],
)
def test_why_a_check_has_no_finding(journal: Journal, run, status, reason) -> None:
    with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
        step = "a/collect:facts"
        told = outcome(step, status)
        log.emit(EventKind.STEP_FINISHED, target="a", step=step, outcome=told)
    journal.import_run(run.id)
    (first, *_) = journal.record(run.id).findings
    assert (first.status, first.reason) == (FindingStatus.NOT_EVALUATED, reason)


def test_a_step_that_was_begun_and_never_ended_is_in_doubt(journal: Journal, run) -> None:
    with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
        for _ in range(2):
            log.emit(EventKind.STEP_STARTED, target="a", step="a/role:base", durable=True)
    journal.import_run(run.id)
    journal.finish_run(run.id, RunStatus.INTERRUPTED)
    told = journal.record(run.id).outcomes["a/role:base"]
    assert (told.status, told.reason, told.attempts) == (StepStatus.ERROR, "in_doubt", 2)


def test_a_later_start_of_the_run_has_the_last_word(journal: Journal, run) -> None:
    for shard, status in (("g001-w0-s1", StepStatus.NOT_STARTED), ("g002-w0-s1", StepStatus.OK)):
        with ShardLog(journal.shard_folder(run.id, shard), run.id, shard) as log:
            told = outcome("a/role:base", status)
            log.emit(EventKind.STEP_FINISHED, target="a", step="a/role:base", outcome=told)
    journal.import_shard(run.id, "g002-w0-s1")
    journal.import_shard(run.id, "g001-w0-s1")
    assert journal.record(run.id).outcomes["a/role:base"].status is StepStatus.OK


def test_what_fits_no_step_is_told(journal: Journal, run) -> None:
    folder = journal.shard_folder(run.id, "s")
    with ShardLog(folder, run.id, "s") as log:
        log.emit(
            EventKind.STEP_FINISHED, target="a", step="a/role:gone", outcome=outcome("a/role:gone")
        )
        log.emit(EventKind.STEP_STARTED, target="b", step="a/role:base")
        log.emit(EventKind.FINDING, target="zz", finding=finding("zz"))
        digest = log.keep("what was seen", target="a")
    blob_path(folder, digest).write_bytes(b"damaged")
    journal.import_run(run.id)
    told = journal.record(run.id).orphans
    assert len(told) == 4
    for words, line in zip(
        ("a/role:gone is not in the plan", "told of b, not a", "zz is not in the plan", digest),
        told,
        strict=True,
    ):
        assert words in line


def test_what_is_told_of_a_step_that_is_only_observed_fits(journal: Journal) -> None:
    whole = small_plan()
    inner = next(step for step in whole.steps if step.changes and step.target == "a")
    seen = replace(whole, steps=observe_steps([inner]), waves=(), hash="")
    run = journal.open_run(replace(seen, hash=seen.content_hash()), operator="test", request={})
    with ShardLog(journal.shard_folder(run.id, "s"), run.id, "s") as log:
        log.emit(EventKind.STEP_PROGRESS, target="a", step=inner.id, unpredicted=True)
        log.emit(EventKind.STEP_PROGRESS, target="b", step=inner.id, unpredicted=True)
        log.emit(EventKind.STEP_STARTED, target="a", step=inner.id)
    journal.import_run(run.id)
    of_another, begun = journal.record(run.id).orphans
    assert "told of b, not a" in of_another
    assert f"(step_started): {inner.id} is not in the plan" in begun


def test_the_same_bytes_each_time(journal: Journal, run) -> None:
    write_shard(journal, run, "s1", "a", "b")
    journal.import_run(run.id)
    once = plain.canonical(journal.record(run.id))
    assert plain.canonical(journal.record(run.id)) == once
