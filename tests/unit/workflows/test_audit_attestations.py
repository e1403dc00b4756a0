"""Attestations: a row that no device answers passes by nothing but a signature that counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dcctl.model.assessment import Answered
from dcctl.model.plan import Plan
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import FindingStatus, NotEvaluated, RunStatus
from dcctl.standards import Attested
from dcctl.workflows.audit.assess import Profile, assess, standings
from dcctl.workflows.catalogue import catalogue
from tests.unit.workflows.declared import Desk, people

DAY = date(2026, 11, 22)
S = FindingStatus
ROW = "DC-GOV-005"
ROWS = [row for row in catalogue() if isinstance(row.answer, Attested)]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return people(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def desk(keys):
    return Desk(keys)


def judged(declared, day=DAY):
    plan = Plan(verb="audit", estate="hoa-lac", lab=True, targets={}, steps=(), waves=())
    run = Run(id="r", verb="audit", status=RunStatus.FINISHED, plan_hash="")
    record = RunRecord(run=run, plan=plan, outcomes={})
    profile = Profile(as_of=day, level=4)
    return assess(record, {}.__getitem__, ROWS, profile, "test", standings(declared, ROWS, day))


def result(found, row=ROW):
    return next(one for one in found.results if one.requirement == row)


@pytest.mark.parametrize("says", [S.PASS, S.PARTIAL, S.FAIL, S.NOT_APPLICABLE])
def test_what_was_signed_is_the_answer(desk, says) -> None:
    found = judged(desk.declares(attestations=[desk.attestation(says=says.value)]))
    one = result(found)
    assert one.status is says
    assert "chi@dc.vn (owner), until 2027-10-31: the regulation" in str(one.message)
    assert bool(one.reason) == (says is S.NOT_APPLICABLE)
    (told,) = found.attestations
    assert (told.problem, told.by, told.row) == (None, "chi@dc.vn", ROW)
    kinds = {one.id: one.answered for one in found.requirements}
    assert set(kinds.values()) == {Answered.ATTESTED}
    others = [one for one in found.results if one.requirement != ROW]
    assert {one.status for one in others} == {S.NOT_EVALUATED}


BAD = {
    "expired": ({"until": "2026-11-21"}, "it expired after 2026-11-21"),
    "longer than its row allows": (
        {"row": "DC-GOV-006", "until": "2027-05-02"},
        "it runs too long: from 2026-11-01 to 2027-05-02, and 2027-05-01",
    ),
    "not yet": ({"effective_from": "2026-11-23"}, "it holds only from 2026-11-23 on"),
    "of a role that the row doesn't name": (
        {"role": "operator"},
        "DC-GOV-005 is for the role owner to attest, and this is of operator",
    ),
    "by who lacks the role": ({"who": "binh"}, "binh@dc.vn does not hold the role owner"),
    "with somebody else's key": ({"key": "eve"}, "is that of eve@dc.vn, not of chi@dc.vn"),
    "altered": ({"then": {"says": "partial"}}, "altered after chi@dc.vn had signed it"),
    "in another's name": ({"then": {"by": "an@dc.vn"}}, "lacks the signature of an@dc.vn"),
    "unsigned": ({"signed": False}, "lacks the signature of chi@dc.vn as owner of the system"),
    "of another estate": ({"estate": "da-nang"}, "lacks the signature of chi@dc.vn"),
    "signed later": (
        {"at": datetime(2026, 11, 22, 18, tzinfo=UTC)},  # the 23rd in Vietnam
        "signed it on 2026-11-23, after the day that is judged",
    ),
    "of a row that checks answer": ({"row": "DC-NET-002"}, "the catalogue has no row DC-NET-002"),
    "of nothing known": ({"then": {"says": "yes"}}, "says is yes; it must be"),
}


@pytest.mark.parametrize("said", BAD.values(), ids=BAD)
def test_a_bad_one_is_named_and_is_no_answer(desk, said) -> None:
    how, why = said
    found = judged(desk.declares(attestations=[desk.attestation(**how)]))
    (told,) = found.attestations
    assert why in str(told.problem)
    assert {one.status for one in found.results} == {S.NOT_EVALUATED}
    if told.row == ROW:
        one = result(found)
        assert (one.reason, one.message) == (NotEvaluated.ATTESTATION, told.problem)


def test_an_auditor_attests_nothing(desk) -> None:
    desk.auditors = ("chi",)
    found = judged(desk.declares(attestations=[desk.attestation()]))
    assert result(found).status is S.NOT_EVALUATED
    assert "is an auditor of this estate" in str(result(found).message)


def test_nobody_holds_a_role_that_nobody_was_given(desk) -> None:
    desk.attestors = {}
    found = judged(desk.declares(attestations=[desk.attestation()]))
    assert result(found).status is S.NOT_EVALUATED


def test_the_newest_counts_and_of_one_day_the_worst(desk) -> None:
    old = desk.attestation("old", says="fail", effective_from="2026-10-01", until="2027-09-30")
    new = desk.attestation("new")
    assert result(judged(desk.declares(attestations=[old, new]))).status is S.PASS
    worse = desk.attestation("worse", says="partial")
    assert result(judged(desk.declares(attestations=[worse, new]))).status is S.PARTIAL


def test_it_lapses_by_itself(desk) -> None:
    declared = desk.declares(attestations=[desk.attestation(until="2026-11-22")])
    assert result(judged(declared)).status is S.PASS
    assert result(judged(declared, date(2026, 11, 23))).status is S.NOT_EVALUATED
