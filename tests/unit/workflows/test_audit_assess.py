"""An assessment is a function of evidence, catalogue, profile and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dcctl import clock
from dcctl.errors import ExitCode, NotFound
from dcctl.model import plain
from dcctl.model.assessment import Answered, score, together
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import FindingStatus, NotEvaluated
from dcctl.workflows.audit.assess import Profile, assess
from dcctl.workflows.catalogue import catalogue
from tests.unit.workflows.audited import Kept, record_of

DAY = date(2026, 11, 22)
S = FindingStatus


@pytest.fixture(scope="module")
def seen():
    with clock.use(clock.ManualClock()) as time:
        scene = Kept(name="p01-pe1", time=time)
        return scene, record_of(scene)[0]


def judged(seen, profile=None, blob=None, record=None):
    scene, own = seen
    profile = profile or Profile(as_of=DAY, level=4)
    return assess(record or own, blob or scene.blob, catalogue(), profile, "test")


def test_every_row_that_applies_has_exactly_one_result(seen) -> None:
    found = judged(seen)
    asked = [(result.requirement, result.target) for result in found.results]
    assert len(asked) == len(set(asked))
    live = {one.id for one in found.requirements if one.answered is Answered.LIVE and one.checks}
    assert {row for row, target in asked if target == "p01-pe1"} == live
    assert live
    rows = {row.id for row in catalogue() if row.targets != "servers"}
    assert live <= rows  # nothing of servers is asked of a router
    assert {one.id for one in found.requirements} == {row for row, _ in asked}
    assert {result.status for result in found.results} >= {S.PASS, S.NOT_EVALUATED}


def test_the_same_evidence_gives_the_same_bytes(seen) -> None:
    scene, _ = seen
    first = plain.canonical(judged(seen))
    moved = {digest: bytes(data) for digest, data in reversed(scene.blobs.items())}
    with clock.use(clock.ManualClock()) as time:
        time.advance(1e8)  # years later
        again = plain.canonical(judged(seen, blob=moved.__getitem__))
    assert again == first


def test_without_its_evidence_nothing_passes(seen) -> None:
    def lost(digest: str) -> bytes:
        raise NotFound("no evidence {name}", name=digest)

    scene, own = seen
    kept = {
        topic: {**data, "status": "error"} if not data["answers"] else data
        for topic, data in own.readings[scene.name].items()
    }
    found = judged(seen, blob=lost, record=replace(own, readings={scene.name: kept}))
    assert {r.status for r in found.results} <= {S.NOT_APPLICABLE, S.NOT_EVALUATED}


def test_a_row_that_nobody_answers_is_never_a_pass(seen) -> None:
    found = judged(seen)
    kinds = {one.id: one.answered for one in found.requirements}
    for result in found.results:
        if kinds[result.requirement] is Answered.ATTESTED:
            assert (result.status, result.reason) == (S.NOT_EVALUATED, NotEvaluated.ATTESTATION)
        elif kinds[result.requirement] is Answered.NOT_EVALUATED:
            assert result.status is S.NOT_EVALUATED


def test_a_network_is_asked_nothing_of_servers(seen) -> None:
    found = judged(seen)
    servers = {row.id for row in catalogue() if row.targets == "servers"}
    assert servers
    assert not servers & {one.id for one in found.requirements}


def test_nothing_is_asked_beside_the_profile_and_the_law(seen) -> None:
    """Of what people answer neither: rows of no standard of the day, at the highest level there."""
    first = judged(seen, Profile(as_of=DAY, level=4, priority=1))
    assert {one.priority for one in first.requirements} == {1}
    assert {one.priority for one in judged(seen).requirements} == {1, 2}
    early = date(2020, 1, 1)
    at_four = judged(seen, Profile(as_of=early, level=4)).requirements
    assert all(one.clauses for one in at_four)
    scene, own = seen
    first, second = (
        replace(own.plan.targets[scene.name], name=name, intent={"security_level": level})
        for name, level in ((scene.name, 4), ("p01-pe2", 5))
    )
    plan = replace(own.plan, targets={first.name: first, second.name: second})
    mixed = judged(seen, Profile(as_of=early), record=replace(own, plan=plan)).requirements
    assert {one.id for one in at_four} - {one.id for one in mixed} >= {"DC-NET-024"}


def test_level_and_day_choose_what_is_asked(seen) -> None:
    at_four = judged(seen)
    at_three = judged(seen, Profile(as_of=DAY, level=3))
    clauses = {c.clause.id for c in at_four.clauses if c.clause.standard == "TCVN 14423:2026"}
    assert clauses
    assert not any(clause.startswith(("5.", "7.")) for clause in clauses)
    three = {c.clause.id for c in at_three.clauses if c.clause.standard == "TCVN 14423:2026"}
    assert not any(clause.startswith(("6.", "7.")) for clause in three)
    assert len(three) > 5
    early = judged(seen, Profile(as_of=date(2025, 1, 1), level=4))
    assert "TCVN 11930:2017" in early.standards
    assert "TCVN 14423:2026" not in early.standards
    assert "TCVN 14423:2026" in at_four.standards


def test_a_clause_counts_every_result_that_bears_on_it(seen) -> None:
    found = judged(seen)
    by_row: dict[str, list] = {}
    for result in found.results:
        by_row.setdefault(result.requirement, []).append(result)
    for clause in found.clauses:
        bearing = [result for row in clause.requirements for result in by_row[row]]
        assert sum(clause.counts.values()) == len(bearing)
        assert clause.status is together(result.status for result in bearing)


def test_a_run_with_a_failing_row_ends_as_wrong(seen) -> None:
    _, own = seen
    found = judged(seen)
    bad = any(result.status in (S.FAIL, S.PARTIAL) for result in found.results)
    code = replace(own, assessment=found).exit_code()
    assert code is (ExitCode.WRONG if bad else ExitCode.COULD_NOT_TELL)


@pytest.mark.parametrize(
    ("statuses", "one"),
    [
        ((), S.NOT_APPLICABLE),
        ((S.PASS, S.NOT_APPLICABLE), S.PASS),
        ((S.PASS, S.FAIL), S.PARTIAL),
        ((S.FAIL, S.NOT_EVALUATED), S.FAIL),
        ((S.PASS, S.NOT_EVALUATED), S.NOT_EVALUATED),
        ((S.PASS, S.WAIVED), S.WAIVED),
        ((S.PARTIAL, S.NOT_EVALUATED), S.PARTIAL),
    ],
)
def test_several_make_one(statuses, one) -> None:
    assert together(statuses) is one
    assert together(reversed(statuses)) is one


def test_denominators_hide_nothing() -> None:
    counts = {"pass": 6, "partial": 1, "fail": 1, "not_evaluated": 2, "waived": 2}
    found = score({**counts, "not_applicable": 50})
    assert (found.passed, found.answered, found.applying) == (6, 8, 12)
    assert found.of_answered == 0.75
    assert found.of_applying == 0.5
    assert score({}).of_answered is None


def test_what_only_the_site_can_know_comes_with_the_evidence(seen) -> None:
    """A threshold in the same place loosens nothing."""
    _, own = seen
    row = next(row for row in catalogue() if row.id == "DC-NET-005")
    assert not row.site
    (name,) = own.plan.targets
    said = {"management.idle_timeout": {"maximum_s": 10**6}}
    step = Step(
        id="s",
        kind=StepKind.COLLECT,
        target=name,
        name="evidence",
        executor="device_session",
        changes=False,
        settings={"site": said},
    )
    loose = replace(own, plan=replace(own.plan, steps=(step,)))
    results = [
        next(r for r in judged(seen, record=record).results if r.requirement == row.id)
        for record in (own, loose)
    ]
    assert results[0].status is results[1].status
    opened = replace(row, site={"management.idle_timeout": ("maximum_s",)})
    found = assess(loose, seen[0].blob, [opened], Profile(as_of=DAY, level=4), "test")
    assert found.results[0].status is S.PASS
