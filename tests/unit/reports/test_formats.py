"""Formats of other tools: valid by their schemas, the same bytes, never a pass by accident."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import openpyxl
import pytest
import xmlschema

from dcctl import reports
from dcctl.model.assessment import (
    Answered,
    Assessment,
    ClauseRef,
    ClauseResult,
    Requirement,
    Result,
)
from dcctl.model.declaration import Attestation, Unheld, Waiver
from dcctl.model.status import FindingStatus, NotEvaluated, Severity
from dcctl.text import Text
from tests.unit.reports.conftest import HOSTILE, finding

TESTS = Path(__file__).parents[2]
XCCDF = Path("/usr/share/openscap/schemas/xccdf/1.2/xccdf_1.2.xsd")
FORMATS = ("cklb", "csv", "hdf", "oscal", "sarif", "xccdf", "xlsx")
S = FindingStatus
BOTH = {"vi": "Chỉ dùng SSHv2", "en": "Only SSH version 2"}
TCVN = ClauseRef(
    standard="TCVN 14423:2026", id="6.12.2.4 a", level=4, title=BOTH, certainty="secondary"
)
NIST = ClauseRef(standard="NIST SP 800-53r5", id="AC-17(2)", level=0, title=BOTH, certainty="read")


WAIVER = Waiver(
    name="w-2026-003",
    digest="12" * 32,
    control="DC-SRV-001",
    hosts="hl-bak-*",
    reason=f"the tape library logs in as root {HOSTILE}",
    compensating=("firewall.default_deny",),
    requested_by="an@dc.vn",
    approved_by="binh@dc.vn",
    effective_from="2026-11-01",
    until="2027-03-31",
    covers=1,
)
EXPIRED = Waiver(
    name="old", digest="34" * 32, problem=Text("it expired after {last}", {"last": "x"})
)
UNHELD = replace(
    WAIVER,
    name="lame",
    covers=0,
    unheld=(Unheld(check="backup.age", status=S.FAIL, where="", targets=("hl-mgt-a01",)),),
)
ATTESTED = Attestation(
    name="gate",
    digest="56" * 32,
    row="DC-GOV-006",
    role="owner",
    by="chi@dc.vn",
    problem=Text(
        "it lacks the signature of {who} as {role}", {"who": "chi@dc.vn", "role": "owner"}
    ),
)


def result(row: str, target: str, status: FindingStatus, **more) -> Result:
    more.setdefault("message", Text("{answer}", {"answer": HOSTILE}))
    return Result(requirement=row, target=target, status=status, **more)


@pytest.fixture
def audited(record):
    rows = {
        "DC-NET-001": Answered.LIVE,
        "DC-SRV-001": Answered.LIVE,
        "DC-GOV-006": Answered.ATTESTED,
    }
    results = (
        result("DC-NET-001", "p01-pe1", S.PASS, evidence=("cd" * 32,)),
        result("DC-NET-001", "p01-pe2", S.PARTIAL, severity=Severity.HIGH),
        result("DC-SRV-001", "hl-mgt-a01", S.FAIL, severity=Severity.CRITICAL,
               findings=(finding("hl-mgt-a01", "ssh_server.root_login", S.FAIL),)),
        result("DC-SRV-001", "hl-cmp-a01", S.NOT_APPLICABLE, message=Text("it has no SSH")),
        result("DC-SRV-001", "hl-bak-a01", S.WAIVED, reason="w-2026-003", waivers=("w-2026-003",)),
        result("DC-GOV-006", "", S.NOT_EVALUATED, reason=NotEvaluated.ATTESTATION),
    )  # fmt: skip
    requirements = tuple(
        Requirement(
            id=row, priority=1, answered=kind, title=BOTH, criterion=BOTH, clauses=(TCVN, NIST)
        )
        for row, kind in rows.items()
    )
    clause = ClauseResult(
        clause=TCVN, status=S.PARTIAL, counts={"pass": 1, "fail": 1}, requirements=("DC-NET-001",)
    )
    found = Assessment(
        run=record.run.id,
        as_of="2026-11-22",
        levels={"p01-pe1": 4},
        standards=("TCVN 14423:2026",),
        catalogue="ef" * 32,
        dcctl="0.1.0",
        requirements=requirements,
        results=results,
        clauses=(clause,),
        waivers=(WAIVER, EXPIRED, UNHELD),
        attestations=(ATTESTED,),
    )
    return replace(record, assessment=found)


@pytest.fixture(params=["checks", "audit"])
def either(request, record, audited):
    return record if request.param == "checks" else audited


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_record_gives_the_same_bytes(either, form, language) -> None:
    first = reports.render(either, form, language)
    assert reports.render(either, form, language) == first
    assert len(first) > 200


def test_sarif(either) -> None:
    data = json.loads(reports.render(either, "sarif", "vi"))
    schema = json.loads((TESTS / "schemas/sarif-2.1.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(data)
    (run,) = data["runs"]
    for one in run["results"]:
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        passed = one["kind"] == "pass"
        assert passed == (one["properties"]["status"] == "pass")
        assert bool(one.get("suppressions")) == (one["properties"]["status"] == "waived")


def test_xccdf(either) -> None:
    page = reports.render(either, "xccdf", "vi")
    xmlschema.XMLSchema(str(XCCDF)).validate(io.BytesIO(page))
    space = {"x": "http://checklists.nist.gov/xccdf/1.2"}
    told = [line.text for line in ET.fromstring(page).findall(".//x:rule-result/x:result", space)]
    asked = either.assessment.results if either.assessment else either.findings
    assert told.count("pass") == sum(one.status is S.PASS for one in asked)
    assert len(told) == len(asked)


def test_oscal(either) -> None:
    data = json.loads(reports.render(either, "oscal", "vi"))["assessment-results"]
    assert set(data) == {"uuid", "metadata", "import-ap", "results", "back-matter"}
    assert set(data["metadata"]) == {"title", "last-modified", "version", "oscal-version"}
    assert re.search(r"(Z|[+-]\d\d:\d\d)$", data["metadata"]["last-modified"])
    (told,) = data["results"]
    asked = either.assessment.results if either.assessment else either.findings
    assert len(told["observations"]) == len(asked)
    satisfied = [f for f in told["findings"] if f["target"]["status"]["state"] == "satisfied"]
    assert len(satisfied) == sum(one.status is S.PASS for one in asked)
    known = {one["uuid"] for one in told["observations"]}
    for one in told["findings"]:
        assert {link["observation-uuid"] for link in one["related-observations"]} <= known
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", one["target"]["target-id"])
    items = {one["uuid"] for one in told["local-definitions"]["inventory-items"]}
    resources = {f"#{one['uuid']}" for one in data["back-matter"]["resources"]}
    assert data["import-ap"]["href"] in resources
    for one in told["observations"]:
        assert {s["subject-uuid"] for s in one.get("subjects", ())} <= items
        assert {e["href"] for e in one.get("relevant-evidence", ())} <= resources
    uuids = re.findall(r'"uuid": "([^"]+)"', json.dumps(data))
    assert len(uuids) == len(set(uuids))


def test_hdf(either) -> None:
    data = json.loads(reports.render(either, "hdf", "en"))
    assert {"platform", "profiles", "statistics", "version"} <= set(data)
    asked = either.assessment.results if either.assessment else either.findings
    told = [r for c in data["profiles"][0]["controls"] for r in c["results"]]
    assert len(told) == len(asked)
    assert {one["status"] for one in told} <= {"passed", "failed", "skipped", "error"}
    assert sum(r["status"] == "passed" for r in told) == sum(o.status is S.PASS for o in asked)
    for control in data["profiles"][0]["controls"]:
        assert {"id", "impact", "refs", "tags", "source_location", "results"} <= set(control)
        assert 0 <= control["impact"] <= 1
    if either.assessment:
        assert data["profiles"][0]["controls"][0]["tags"]["nist"] == ["AC-17(2)"]


def test_cklb(either) -> None:
    asked = either.assessment.results if either.assessment else either.findings
    told = []
    with zipfile.ZipFile(io.BytesIO(reports.render(either, "cklb", "en"))) as folder:
        assert sorted(folder.namelist()) == sorted(
            {f"{one.target or either.run.estate}.cklb" for one in asked}
        )
        for name in folder.namelist():
            data = json.loads(folder.read(name))
            assert data["cklb_version"] == "1.0"
            (stig,) = data["stigs"]
            assert stig["size"] == len(stig["rules"])
            told += stig["rules"]
    assert len(told) == len(asked)
    words = {"not_a_finding", "open", "not_applicable", "not_reviewed"}
    assert {one["status"] for one in told} <= words
    clean = sum(one["status"] == "not_a_finding" for one in told)
    assert clean == sum(one.status is S.PASS for one in asked)


def test_what_was_asked_for_is_in_the_command_that_makes_it_again(audited) -> None:
    narrow = replace(audited.assessment, options="--level 5 --standard 'TCVN 14423:2026'")
    lab = replace(audited, plan=replace(audited.plan, lab=True), assessment=narrow)
    said = "--as-of 2026-11-22 --level 5 --standard 'TCVN 14423:2026' --lab --format markdown"
    assert said in reports.render(lab, "markdown", "en").decode()


def test_what_a_role_is_called_is_said_in_both_languages(audited) -> None:
    told = Text("nobody of the role {role} has signed for it", {"role": {"vi": "A", "en": "B"}})
    found = replace(
        audited.assessment, results=(replace(audited.assessment.results[0], message=told),)
    )
    bare = replace(audited, assessment=found)
    assert "vai trò A " in reports.render(bare, "csv", "vi").decode()
    assert "the role B " in reports.render(bare, "csv", "en").decode()


def test_a_target_is_told_the_clauses_of_its_own_level_once(audited) -> None:
    third = replace(TCVN, id="5.12.2.4 a", level=3)
    (asked, *others) = audited.assessment.requirements
    both = replace(asked, clauses=(TCVN, third, NIST, replace(NIST, level=4)))
    found = replace(audited.assessment, requirements=(both, *others))
    page = reports.render(replace(audited, assessment=found), "csv", "en")
    lines = list(csv.reader(io.StringIO(page.decode("utf-8-sig"))))
    told = {line[2]: line[6] for line in lines if line[0] == asked.id}
    assert told["p01-pe1"] == "TCVN 14423:2026 6.12.2.4 a; NIST SP 800-53r5 AC-17(2)"


def test_a_reason_that_says_all_is_not_told_twice(audited) -> None:
    why = "only servers have this"
    one = result("DC-SRV-001", "p01-pe1", S.NOT_APPLICABLE, message=Text(why), reason=why)
    page = reports.render(
        replace(audited, assessment=replace(audited.assessment, results=(one,))), "csv", "en"
    )
    assert page.decode("utf-8-sig").count(why) == 1


def test_csv_holds_no_formula(audited) -> None:
    evil = replace(audited.assessment.results[0], message=Text("{a}", {"a": "=cmd|' /C calc'!A0"}))
    found = replace(audited.assessment, results=(evil,))
    page = reports.render(replace(audited, assessment=found), "csv", "vi")
    assert page.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(page.decode("utf-8-sig"))))
    assert len(lines) == 2
    assert lines[1][0] == "DC-NET-001"
    assert lines[1][5].startswith("'=")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in lines[1])


def test_xlsx_has_the_statutory_columns(audited) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reports.render(audited, "xlsx", "vi")))
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    assert lines[0][4:8] == ("Đạt", "Một phần", "Chưa đạt", "Không áp dụng")
    marks = {line[2]: [place for place, cell in enumerate(line[4:8]) if cell] for line in lines[1:]}
    assert marks == {
        "p01-pe1": [0],
        "p01-pe2": [1],
        "hl-mgt-a01": [2],
        "hl-cmp-a01": [3],
        "hl-bak-a01": [],
        None: [],
    }
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in line)
    (clause,) = book.worksheets[1].iter_rows(min_row=2, values_only=True)
    assert clause[2] == 4
    assert clause[5] == "từ nguồn thứ cấp"
    counts = dict(book.worksheets[2].iter_rows(min_row=2, values_only=True))
    assert "1 / 3" in counts.values()
    assert "1 / 5" in counts.values()
    assert book.properties.modified.isoformat() == "2026-11-22T02:03:27"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_pages_of_an_audit_show_rows_clauses_and_denominators(audited, language) -> None:
    page = reports.render(audited, "html", language).decode()
    text = reports.render(audited, "markdown", language).decode()
    title = BOTH[language]
    for told in (page, text):
        point = "," if language == "vi" else "."
        assert f"1 / 3 = 33{point}3 %" in told
        assert f"1 / 5 = 20{point}0 %" in told
        assert title in told
        assert f"dcctl audit evaluate {audited.run.id} --as-of 2026-11-22" in told
    assert "6.12.2.4 a" in page
    note = {"en": "level 4 · from a secondary source", "vi": "cấp độ 4 · từ nguồn thứ cấp"}
    assert note[language] in page  # a number is another clause at another level
    assert "<script>alert" not in page
    assert "disks.space" not in page  # the checks' own findings are not mixed in
    suites = ET.fromstring(reports.render(audited, "junit", language))
    cases = [
        case.get("name") for case in suites.iter("testcase") if "findings" in case.get("classname")
    ]
    assert cases.count("DC-SRV-001") == 3


# --- a waiver is told as one, in every format ---


def test_sarif_suppresses_and_keeps_the_failure(audited) -> None:
    (run,) = json.loads(reports.render(audited, "sarif", "en"))["runs"]
    (one,) = [one for one in run["results"] if one.get("suppressions")]
    (suppression,) = one["suppressions"]
    assert (one["kind"], suppression["kind"], suppression["status"]) == (
        "fail", "external", "accepted",
    )  # fmt: skip
    assert (
        "w-2026-003 until 2027-03-31, asked by an@dc.vn, approved by binh@dc.vn"
        in (suppression["justification"])
    )
    assert one["properties"]["waivers"] == [
        {"name": "w-2026-003", "until": "2027-03-31", "approvedBy": "binh@dc.vn"}
    ]


def test_xccdf_overrides_by_who_approved(audited) -> None:
    space = {"x": "http://checklists.nist.gov/xccdf/1.2"}
    root = ET.fromstring(reports.render(audited, "xccdf", "en"))
    (override,) = root.findall(".//x:override", space)
    assert override.get("authority") == "binh@dc.vn"
    assert override.get("time") == "2026-11-01T00:00:00+07:00"
    assert override.findtext("x:old-result", "", space) == "fail"
    assert override.findtext("x:new-result", "", space) == "informational"
    assert "the tape library" in override.findtext("x:remark", "", space)


def test_oscal_tells_a_risk_with_an_approved_deviation(audited) -> None:
    (told,) = json.loads(reports.render(audited, "oscal", "en"))["assessment-results"]["results"]
    (risk,) = told["risks"]
    assert {"uuid", "title", "description", "statement", "status"} <= set(risk)
    assert (risk["status"], risk["deadline"]) == ("deviation-approved", "2027-03-31T23:59:59+07:00")
    assert [one["description"] for one in risk["mitigating-factors"]] == ["firewall.default_deny"]
    (finding,) = [one for one in told["findings"] if one.get("related-risks")]
    assert finding["target"]["status"]["state"] == "not-satisfied"
    assert finding["related-risks"] == [{"risk-uuid": risk["uuid"]}]


def test_hdf_fails_with_waiver_data(audited) -> None:
    (profile,) = json.loads(reports.render(audited, "hdf", "en"))["profiles"]
    (control,) = [one for one in profile["controls"] if "waiver_data" in one]
    data = control["waiver_data"]
    assert (data["expiration_date"], data["skipped_due_to_waiver"]) == ("2027-03-31", False)
    assert "approved by binh@dc.vn" in data["justification"]
    assert [one["status"] for one in control["results"]] == ["failed", "skipped", "failed"]


def test_cklb_stays_open_and_says_why(audited) -> None:
    with zipfile.ZipFile(io.BytesIO(reports.render(audited, "cklb", "en"))) as folder:
        (rule,) = json.loads(folder.read("hl-bak-a01.cklb"))["stigs"][0]["rules"]
    assert rule["status"] == "open"
    assert "w-2026-003 until 2027-03-31" in rule["comments"]


def test_tables_say_by_what_and_until_when(audited) -> None:
    page = reports.render(audited, "csv", "en").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(page)))
    told = {(one["target"], one["waivers"], one["waived until"]) for one in lines if one["waivers"]}
    assert told == {("hl-bak-a01", "w-2026-003", "2027-03-31")}
    book = openpyxl.load_workbook(io.BytesIO(reports.render(audited, "xlsx", "vi")))
    first, counts, last = (book.worksheets[place] for place in (0, 2, 3))
    (line,) = [one for one in first.iter_rows(values_only=True) if one[2] == "hl-bak-a01"]
    assert line[4:9] == (None, None, None, None, "được miễn")
    assert "binh@dc.vn phê duyệt" in line[10]
    assert ("được miễn / (được miễn + một phần + chưa đạt)", "1 / 3") in list(
        counts.iter_rows(values_only=True)
    )
    assert last.title == "Miễn trừ và xác nhận"
    verdicts = {one[0]: one[8] for one in last.iter_rows(min_row=2, values_only=True)}
    assert verdicts["w-2026-003"] == "số kết quả được che: 1"
    assert verdicts["old"] == "không được áp dụng: đã hết hạn sau ngày x"
    assert verdicts["lame"] == (
        "không đứng vững trên hl-mgt-a01: backup.age phải đạt tại đó, mà lại không đạt"
    )
    assert "thiếu chữ ký của chi@dc.vn" in verdicts["gate"]


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_pages_list_what_was_declared_and_what_became_of_it(audited, form) -> None:
    raw = reports.render(audited, form, "en").decode()
    assert "<script>alert" not in raw
    page = raw.replace("\\", "")
    assert "1 / 3 = 33.3 %" in page
    for told in (
        "w-2026-003", "results covered: 1", "not applied: it expired after x",
        "does not hold on hl-mgt-a01: backup.age has to pass there, and is fail",
        "does not count: it lacks the signature of chi@dc.vn as owner",
        "asked by an@dc.vn, approved by binh@dc.vn",
    ):  # fmt: skip
        assert told in page, told


def test_junit_skips_it_and_says_why(audited) -> None:
    suites = ET.fromstring(reports.render(audited, "junit", "en"))
    (case,) = [
        one for one in suites.iter("testcase") if one.get("classname") == "hl-bak-a01.findings"
    ]
    assert "w-2026-003 until 2027-03-31" in case.find("skipped").get("message")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_is_waived_alone_is_not_called_as_it_should_be(audited, language) -> None:
    from dcctl.reports._view import view

    waived = [one for one in audited.assessment.results if one.status is S.WAIVED]
    found = replace(audited.assessment, results=tuple(waived))
    shown = view(replace(audited, assessment=found, outcomes={}, findings=(),
                         plan=replace(audited.plan, steps=())), language)  # fmt: skip
    assert shown.verdict == {
        "en": "nothing stands open, and 1 waived", "vi": "không còn gì bỏ ngỏ, và 1 được miễn",
    }[language]  # fmt: skip
