"""Waivers: each bad one is named and counts for nothing; a good one never makes a pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcctl import clock
from dcctl.estate.schema.declarations import AuditWaiver
from dcctl.model import plain
from dcctl.model.assessment import Assessment, score
from dcctl.model.outcome import Finding
from dcctl.model.status import FindingStatus
from dcctl.workflows.audit.assess import Profile, assess, standings
from dcctl.workflows.audit.results import summed
from dcctl.workflows.audit.waiving import Applied, Reach
from dcctl.workflows.catalogue import catalogue
from tests.unit.workflows.audited import Kept, record_of
from tests.unit.workflows.declared import APPROVAL, REQUEST, UNMET, WAIVER, Desk, people
from tests.unit.workflows.keys import public

DAY = date(2026, 11, 22)
S = FindingStatus
ROW, HOST = WAIVER["control"], "p01-pe1"
IN_ORDER = "DC-GOV-007"
ROWS = [
    row for row in catalogue() if row.id[:-1] in ("DC-NET-00", "DC-SRV-00") or row.id == IN_ORDER
]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return people(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def desk(keys):
    return Desk(keys)


@pytest.fixture(scope="module")
def weak():
    """A router that fails ROW, and passes what makes up for it."""
    with clock.use(clock.ManualClock()) as time:
        scene = Kept(name=HOST, time=time)
        scene.network.configure(HOST, "ip http server\n")
        return scene, record_of(scene)[0]


def judged(weak, declared, *, day=DAY, law=None) -> Assessment:
    scene, record = weak
    profile = Profile(as_of=law or day, level=4)
    standing = standings(declared, ROWS, day)
    return assess(record, scene.blob, ROWS, profile, "test", standing)


def of_targets(found: Assessment):
    return [one for one in found.results if one.target]


def result(found: Assessment, row: str = ROW):
    return next(r for r in found.results if (r.requirement, r.target) == (row, HOST))


def test_what_it_covers_is_waived_with_its_name_and_counted_apart(weak, desk) -> None:
    without = judged(weak, desk.declares())
    found = judged(weak, desk.declares(desk.waiver()))
    assert result(without).status is UNMET
    one = result(found)
    assert (one.status, one.reason, one.waivers) == (S.WAIVED, "w1", ("w1",))
    assert one.message == result(without).message  # what was found stays told
    (waiver,) = found.waivers
    assert (waiver.problem, waiver.covers, waiver.unheld) == (None, 1, ())
    assert (waiver.requested_by, waiver.approved_by) == ("an@dc.vn", "binh@dc.vn")
    before, after = score(without.counts()), score(found.counts())
    assert after.passed == before.passed + 1  # IN_ORDER itself, which applied to nothing before
    assert after.applying == before.applying + 1
    assert (after.waived, after.unmet) == (1, before.unmet)
    assert after.answered == before.answered
    mine = (ROW, IN_ORDER)
    others = [r for r in found.results if r.requirement not in mine]
    assert others == [r for r in without.results if r.requirement not in mine]


def test_a_clause_with_a_waived_row_is_no_pass(weak, desk) -> None:
    found = judged(weak, desk.declares(desk.waiver()))
    bearing = [c for c in found.clauses if ROW in c.requirements]
    assert bearing
    assert all(c.counts["waived"] == 1 and c.status is not S.PASS for c in bearing)


BAD = {
    "expired": ({"until": "2026-11-21"}, "it expired after 2026-11-21"),
    "not yet": ({"effective_from": "2026-11-23"}, "it holds only from 2026-11-23 on"),
    "over a year": ({"until": "2027-11-02"}, "from 2026-11-01 to 2027-11-02, and 2027-11-01"),
    "backwards": ({"until": "2026-10-01"}, "before its first"),
    "unsigned": ({"seats": ()}, "lacks the signature of an@dc.vn as requester"),
    "not approved": ({"seats": (REQUEST,)}, "lacks the signature of binh@dc.vn as approver"),
    "nobody asked": ({"seats": (APPROVAL,)}, "lacks the signature of an@dc.vn as requester"),
    "self-approved": (
        {"approved_by": "an@dc.vn", "seats": (REQUEST, ("an", "approver", APPROVAL[2]))},
        "an@dc.vn is an@dc.vn, who asks for it",
    ),
    "self-approved and not signed yet": (
        {"approved_by": "an@dc.vn", "seats": ()},
        "an@dc.vn is an@dc.vn, who asks for it",
    ),
    "asked and approved with one signature's purpose": (
        {"seats": (REQUEST, ("binh", "approver", REQUEST[2]))},
        "lacks the signature of binh@dc.vn as approver",
    ),
    "longer than signed": ({"then": {"until": "2027-10-30"}}, "altered after an@dc.vn had signed"),
    "another control": ({"then": {"control": "DC-NET-003"}}, "altered after an@dc.vn had signed"),
    "a wider scope": ({"then": {"hosts": "all"}}, "altered after an@dc.vn had signed"),
    "less to make up": (
        {"then": {"compensating": [{"check": "DC-NET-008"}]}},
        "altered after an@dc.vn had signed",
    ),
    "somebody else's key": ({"key": "eve"}, "is that of eve@dc.vn, not of an@dc.vn"),
    "another estate": ({"estate": "da-nang"}, "lacks the signature of an@dc.vn as requester"),
    "signed later": (
        {"at": datetime(2026, 11, 23, 1, tzinfo=UTC)},
        "an@dc.vn signed it on 2026-11-23, after the day that is judged, 2026-11-22",
    ),
    "unknown check": ({"control": "DC-NET-999"}, "no row and no check called DC-NET-999"),
    "unknown compensation": (
        {"compensating": [{"check": "no.such"}]},
        "no row and no check called no.such",
    ),
    "nothing to waive": ({"control": "DC-GOV-005"}, "answered by no check"),
    "nothing makes up": ({"then": {"compensating": []}}, "compensating has 0 entries"),
    "no reason": ({"then": {"reason": "because"}}, "reason is because; at least 10 characters"),
    "a key unheard of": ({"then": {"scope": "all"}}, "scope is not known here"),
    "a file for a scope": ({"then": {"hosts": "@list"}}, "reads a file or counts hosts"),
    "a place for a scope": ({"then": {"hosts": "routers[0]"}}, "reads a file or counts hosts"),
}


@pytest.mark.parametrize("said", BAD.values(), ids=BAD)
def test_a_bad_one_is_named_and_counts_for_nothing(weak, desk, said) -> None:
    how, why = said
    rows = catalogue()
    (one,) = standings(desk.declares(desk.waiver(**how)), rows, DAY).waivers
    assert one.entry is None
    assert why in str(one.told.problem)
    assert "\n" not in str(one.told.problem)


def test_a_bad_one_changes_no_result(weak, desk) -> None:
    without = judged(weak, desk.declares())
    found = judged(
        weak, desk.declares(desk.waiver(seats=()), desk.waiver("w2", until="2026-11-02"))
    )
    assert of_targets(found) == of_targets(without)
    assert [one.covers for one in found.waivers] == [0, 0]


def test_two_names_or_keys_of_one_person_are_one(weak, desk, keys) -> None:
    desk.signers += f"an@dc.vn,anh@dc.vn {public(keys['eve'])}\n"
    seats = (REQUEST, ("anh", "approver", APPROVAL[2]))
    keys = {**desk.keys, "anh": desk.keys["eve"]}
    desk.keys = keys
    (one,) = standings(
        desk.declares(desk.waiver(approved_by="anh@dc.vn", seats=seats)), catalogue(), DAY
    ).waivers
    assert "anh@dc.vn is an@dc.vn, who asks" in str(one.told.problem)


def test_one_key_under_two_names_is_one_person(desk, keys) -> None:
    desk.signers += f"ghost@dc.vn {public(keys['an'])}\n"
    desk.keys = {**desk.keys, "ghost": keys["an"]}
    seats = (REQUEST, ("ghost", "approver", APPROVAL[2]))
    waiver = desk.waiver(approved_by="ghost@dc.vn", seats=seats)
    (one,) = standings(desk.declares(waiver), catalogue(), DAY).waivers
    assert "ghost@dc.vn is an@dc.vn, who asks" in str(one.told.problem)


@pytest.mark.parametrize("auditor", ["an", "binh"])
def test_an_auditor_neither_asks_nor_approves(desk, auditor) -> None:
    desk.auditors = (auditor,)
    (one,) = standings(desk.declares(desk.waiver()), catalogue(), DAY).waivers
    assert f"{auditor}@dc.vn is an auditor of this estate" in str(one.told.problem)


def test_a_key_that_was_revoked_or_may_not(desk, keys) -> None:
    waiver = desk.waiver()
    line = f"binh@dc.vn {public(keys['binh'])}\n"
    for instead, why in (
        ("", "is not in inventory/allowed_signers"),
        (line.replace(" ", ' namespaces="dcctl-plan@v1" ', 1), "does not let this key of binh"),
        (line.replace(" ", ' valid-before="20261122Z" ', 1), "expired on 2026-11-22"),
    ):
        signers = desk.signers.replace(line, instead)
        declared = desk.declares(waiver, signers=signers)
        (one,) = standings(declared, catalogue(), DAY).waivers
        assert why in str(one.told.problem)


def test_a_forged_signature(desk) -> None:
    waiver = desk.waiver()
    spot = waiver.text.rindex("BEGIN SSH") + 200
    letter = "A" if waiver.text[spot] != "A" else "B"
    text = waiver.text[:spot] + letter + waiver.text[spot + 1 :]
    (one,) = standings(desk.declares(replace(waiver, text=text)), catalogue(), DAY).waivers
    assert one.entry is None
    assert one.told.problem is not None


# --- what has to make up for it ---


@pytest.mark.parametrize(
    ("compensating", "where", "status"),
    [
        ([{"check": "DC-NET-002"}], "", UNMET),  # itself
        ([{"check": "DC-NET-006"}, {"check": "DC-NET-002"}], "", UNMET),
        ([{"check": "DC-NET-005", "hosts": "hl-fw-*"}], "hl-fw-*", S.NOT_EVALUATED),  # not read
        ([{"check": "DC-SRV-001"}], "", S.NOT_APPLICABLE),
    ],
)
def test_what_does_not_make_up_for_it_leaves_the_failure(
    weak, desk, compensating, where, status
) -> None:
    without = judged(weak, desk.declares())
    found = judged(weak, desk.declares(desk.waiver(compensating=compensating)))
    assert of_targets(found) == of_targets(without)
    (told,) = found.waivers[0].unheld
    assert (told.status, told.where, told.targets) == (status, where, (HOST,))
    assert told.check == compensating[-1]["check"]


@pytest.mark.parametrize(
    "compensating",
    [
        [{"check": "DC-NET-006"}, {"check": "management.access_list"}],
        [{"check": "management.access_list", "hosts": "p01-pe*"}],
    ],
)
def test_a_check_or_a_row_there_or_elsewhere_makes_up_for_it(weak, desk, compensating) -> None:
    found = judged(weak, desk.declares(desk.waiver(compensating=compensating)))
    assert result(found).status is S.WAIVED


def test_evidence_of_the_compensation_that_is_lost_ends_it(weak, desk) -> None:
    """What makes up for it could not be told: nor does the waiver hold."""
    declared = desk.declares(desk.waiver(compensating=[{"check": "backup.age"}]))
    found = judged(weak, declared)
    (told,) = found.waivers[0].unheld
    assert told.status is not S.PASS
    assert result(found).status is UNMET


# --- scope ---


@pytest.mark.parametrize(
    ("hosts", "sites", "covered"),
    [
        ("all", [], True),
        ("p01-*", [], True),
        ("all:!p01-pe1", [], False),
        ("p01-pe2", [], False),
        ("p09-pe1,p01-pe1", [], True),  # of p09 nothing was read
        ("all", ["P01"], True),
        ("all", ["P02"], False),
    ],
)
def test_its_scope(weak, desk, hosts, sites, covered) -> None:
    scene, _ = weak
    sites = [scene.target.site if one == "P01" else one for one in sites]
    found = judged(weak, desk.declares(desk.waiver(hosts=hosts, sites=sites)))
    assert result(found).status is (S.WAIVED if covered else UNMET)
    assert found.waivers[0].idle is not covered


def test_a_waived_check_leaves_what_else_its_row_asks(weak, desk) -> None:
    found = result(judged(weak, desk.declares())).findings
    check = next(one.check for one in found if one.status is S.FAIL)
    found = judged(weak, desk.declares(desk.waiver(control=check)))
    assert result(found).status is S.WAIVED
    passing = judged(weak, desk.declares(desk.waiver(control="management.access_list")))
    assert result(passing).status is UNMET


@pytest.mark.parametrize(
    ("statuses", "then", "result_is"),
    [
        ((S.FAIL, S.NOT_EVALUATED), (S.WAIVED, S.NOT_EVALUATED), S.NOT_EVALUATED),
        ((S.FAIL, S.PASS), (S.WAIVED, S.PASS), S.WAIVED),
        ((S.PARTIAL, S.NOT_APPLICABLE), (S.WAIVED, S.NOT_APPLICABLE), S.WAIVED),
        ((S.PASS, S.NOT_EVALUATED), (S.PASS, S.NOT_EVALUATED), S.NOT_EVALUATED),
    ],
)
def test_of_a_row_only_what_fails_is_waived(statuses, then, result_is) -> None:
    """What could not be told beside it stays so, and so does the row."""
    entry = AuditWaiver.model_validate({**WAIVER, "compensating": [{"check": "z.z"}]})
    reach = Reach("w1", entry, frozenset({HOST}), {})
    found = tuple(
        Finding(check=f"a.b{number}", target=HOST, status=status)
        for number, status in enumerate(statuses)
    )
    one = Applied([reach], {("z.z", HOST): S.PASS}).over(summed(ROW, HOST, found))
    assert tuple(finding.status for finding in one.findings) == then
    assert one.status is result_is


# --- laws ---


def test_the_same_declarations_give_the_same_bytes_and_are_kept(weak, desk) -> None:
    declared = desk.declares(desk.waiver(), desk.waiver("w2", seats=()))
    first = judged(weak, declared)
    kept = plain.from_plain(Assessment, plain.to_plain(first))
    assert kept.declarations == declared
    with clock.use(clock.ManualClock(datetime(2040, 1, 1, tzinfo=UTC))):
        again = judged(weak, kept.declarations)
    assert plain.canonical(again) == plain.canonical(first)


def test_it_lapses_by_itself(weak, desk) -> None:
    declared = desk.declares(desk.waiver(until="2026-11-22"))
    assert result(judged(weak, declared)).status is S.WAIVED
    later = judged(weak, declared, day=date(2026, 11, 23), law=DAY)
    assert result(later).status is UNMET
    assert "expired" in str(later.waivers[0].problem)


def test_whether_all_are_in_order_is_a_row_of_its_own(weak, desk) -> None:
    def told(*waivers, day=DAY):
        found = judged(weak, desk.declares(*waivers), day=day, law=day)
        one = next(r for r in found.results if r.requirement == IN_ORDER)
        return one.status, str(one.message)

    late = desk.waiver("w2", until="2026-11-21")
    assert told() == (S.NOT_APPLICABLE, "there is no waiver")
    assert told(desk.waiver()) == (S.PASS, "waivers, all in order: 1")
    assert told(desk.waiver(), late) == (S.FAIL, "not in order: w2")
    assert told(desk.waiver("w3", compensating=[{"check": ROW}])) == (S.FAIL, "not in order: w3")
    # what began later says nothing of an earlier day
    assert told(desk.waiver(), day=date(2026, 10, 1))[0] is S.NOT_APPLICABLE


CONTROLS = [row.id for row in ROWS if row.id != IN_ORDER] + ["no.such"]
CHECKS = ["DC-NET-006", "management.access_list", "DC-NET-002", "DC-SRV-001", "backup.age"]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_waiver_ever_makes_a_pass(weak, data) -> None:
    """Nor of a failure anything but waived or what was hidden behind it; all else is as it was."""
    from dcctl.model.declaration import Waiver
    from dcctl.workflows.audit.assess import Standings
    from dcctl.workflows.audit.waivers import Standing

    drawn = data.draw(
        st.lists(st.tuples(st.sampled_from(CONTROLS), st.sampled_from(CHECKS)), max_size=6)
    )
    made = tuple(
        Standing(
            Waiver(name=f"w{n}", digest="0" * 64),
            AuditWaiver.model_validate({**WAIVER, "control": c, "compensating": [{"check": k}]}),
        )
        for n, (c, k) in enumerate(drawn)
    )
    scene, record = weak
    lost = data.draw(st.sets(st.sampled_from(sorted(scene.blobs)), max_size=3))

    def blob(digest: str) -> bytes:
        from dcctl.errors import NotFound

        if digest in lost:
            raise NotFound("no evidence {name}", name=digest)
        return scene.blob(digest)

    rows, profile = ROWS, Profile(as_of=DAY, level=4)
    before = assess(record, blob, rows, profile, "test")
    after = assess(record, blob, rows, profile, "test", Standings(waivers=made))
    for old, new in zip(of_targets(before), of_targets(after), strict=True):
        if old.status in (S.FAIL, S.PARTIAL):
            assert new.status in (old.status, S.WAIVED, S.NOT_EVALUATED, S.FAIL, S.PARTIAL)
        else:
            assert new == old
        assert (new.status is S.PASS) == (old.status is S.PASS)
