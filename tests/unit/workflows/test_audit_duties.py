"""What recurs was looked at in time, by the evidence's own day and the day that is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from dcctl.model.assessment import Result
from dcctl.model.plan import Plan
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import FindingStatus, RunStatus
from dcctl.standards import Row
from dcctl.workflows.audit import duties
from dcctl.workflows.audit.assess import DUTIES, Profile, assess
from dcctl.workflows.catalogue import catalogue

PASS, FAIL = FindingStatus.PASS, FindingStatus.FAIL
NOT_EVALUATED, NOT_APPLICABLE = FindingStatus.NOT_EVALUATED, FindingStatus.NOT_APPLICABLE
READ = date(2026, 8, 31)
LEVELS = {"a": 4, "b": 5, "c": 3}


@cache
def row() -> Row:
    (found,) = [one for one in catalogue() if one.answer == DUTIES]
    return found


def recurring(name: str, every: dict[int, int]) -> Row:
    return replace(row(), id=name, every=every)


ROWS = (recurring("A", {4: 3, 5: 1}), recurring("B", {4: 6}), recurring("C", {}))


def met(day: date, *given: tuple[str, str, FindingStatus], read: date | None = READ) -> Result:
    results = [Result(requirement=name, target=at, status=status) for name, at, status in given]
    return duties.met(row(), ROWS, results, LEVELS, (read, day))


@pytest.mark.parametrize(
    ("day", "given", "status", "says"),
    [
        (READ, [("A", "a", PASS)], PASS, "1; the next is due by 2026-11-30"),
        (date(2026, 11, 30), [("A", "a", FAIL)], PASS, "1"),  # looked at, whatever was found
        (date(2026, 12, 1), [("A", "a", PASS)], FAIL, "A (2026-11-30)"),
        (date(2026, 12, 1), [("A", "a", PASS), ("B", "a", PASS)], FAIL, "A (2026-11-30)"),
        (date(2026, 12, 1), [("B", "a", PASS)], PASS, "due by 2027-02-28"),
        (date(2026, 10, 1), [("A", "a", PASS), ("A", "b", PASS)], FAIL, "A (2026-09-30)"),
        (READ, [("A", "a", PASS), ("A", "b", NOT_EVALUATED)], NOT_EVALUATED, "A (1)"),
        (date(2026, 12, 1), [("A", "a", NOT_EVALUATED)], FAIL, "A"),
        (READ, [("A", "c", PASS), ("C", "a", PASS)], NOT_APPLICABLE, "nothing"),
        (READ, [("A", "a", NOT_APPLICABLE)], NOT_APPLICABLE, "nothing"),
        (READ, [("A", "", PASS)], NOT_APPLICABLE, "nothing"),
        (date(2026, 8, 30), [("A", "a", PASS)], NOT_EVALUATED, "not there yet"),
    ],
)
def test_by_its_age(day, given, status, says) -> None:
    found = met(day, *given)
    assert found.status is status
    assert says in str(found.message)
    assert bool(found.reason) == (status in (NOT_EVALUATED, NOT_APPLICABLE))


def test_without_a_day_nobody_can_tell() -> None:
    assert met(READ, ("A", "a", PASS), read=None).status is NOT_EVALUATED


def test_a_kit_is_as_old_as_its_reading() -> None:
    run = Run(id="r", verb="audit", status=RunStatus.FINISHED, plan_hash="")
    run = replace(run, started_at="2026-08-31T18:00:00+00:00")
    plan = Plan(verb="audit", estate="x", lab=True, targets={}, steps=(), waves=())
    record = RunRecord(run=run, plan=plan, outcomes={}, readings={})
    assert duties.collected_on(record) == date(2026, 9, 1)  # Vietnam's day
    assert duties.collected_on(replace(record, run=replace(run, started_at=""))) is None


def test_an_evaluation_asks_it_once() -> None:
    run = Run(id="r", verb="audit", status=RunStatus.FINISHED, plan_hash="")
    plan = Plan(verb="audit", estate="x", lab=True, targets={}, steps=(), waves=())
    record = RunRecord(run=run, plan=plan, outcomes={}, readings={})
    found = assess(record, lambda _: b"", catalogue(), Profile(as_of=READ), "test")
    (one,) = [result for result in found.results if result.requirement == row().id]
    assert (one.target, one.status) == ("", NOT_APPLICABLE)
    assert "again and again" in str(one.message)


def test_the_catalogue_says_what_recurs() -> None:
    every = {one.id: dict(one.every) for one in catalogue() if one.every}
    assert every["DC-GOV-001"] == {3: 6, 4: 3, 5: 1}
    assert every["DC-GOV-002"] == {4: 6, 5: 3}  # nothing at level 3
