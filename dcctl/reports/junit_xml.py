"""JUnit XML, for continuous integration: one suite a target, one case a step or finding.

What is wrong is a failure, what could not be told an error, what did not apply is skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, StepStatus
from dcctl.reports._campaign import Upgraded, campaign
from dcctl.reports._rows import Row, clean
from dcctl.reports._view import View, view
from dcctl.reports._words import UNSURE, WRONG
from dcctl.text import N_

_SKIPPED = (
    StepStatus.SKIPPED.value,
    FindingStatus.NOT_APPLICABLE.value,
    FindingStatus.WAIVED.value,
)


def render(record: RunRecord, language: str) -> bytes:
    """Valid for the schema that Jenkins, GitLab and GitHub's actions read."""
    shown = view(record, language)
    root = ET.Element("testsuites", name=f"dcctl {record.run.verb} {record.run.id}")
    rows: dict[str, list[Row]] = {}
    for wave in shown.waves:
        for target in wave.targets:
            rows.setdefault(target.name, []).extend((*target.steps, *target.findings))
    upgrade = campaign(record, language)
    told = {one.name: _told(one) for one in upgrade.elements} if upgrade else {}
    for number, (name, cases) in enumerate(rows.items()):
        _suite(root, number, name, cases, shown, told.get(name, ""))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    page: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return page + b"\n"


def _told(one: Upgraded) -> str:
    """An upgrade's phases, and the gates that did not simply pass."""
    lines = [f"{one.before} -> {one.release}: {one.word}"]
    lines += [f"{phase}: {seconds:.0f} s" for phase, seconds in one.phases]
    return "\n".join([*lines, *(f"{g.word} {g.gate} {g.subject}: {g.message}" for g in one.gates)])


def _suite(
    root: ET.Element, number: int, name: str, rows: list[Row], shown: View, told: str
) -> None:
    target = shown.record.plan.targets.get(name)
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "id": str(number),
            "package": (target.site if target else "") or "-",
            "name": name,
            "hostname": name,
            "timestamp": _stamp(shown.record.run.started_at),
            "tests": str(len(rows)),
            "failures": str(sum(row.grade == WRONG for row in rows)),
            "errors": str(sum(row.grade == UNSURE for row in rows)),
            "skipped": str(sum(row.status in _SKIPPED for row in rows)),
            "time": f"{sum(row.seconds or 0 for row in rows):.3f}",
        },
    )
    ET.SubElement(suite, "properties")
    for row in rows:
        _case(suite, row)
    ET.SubElement(suite, "system-out").text = told or None
    ET.SubElement(suite, "system-err")


def _case(suite: ET.Element, row: Row) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": clean(f"{row.target}.{row.kind}s"),
            "name": clean(row.name),
            "time": f"{row.seconds or 0:.3f}",
        },
    )
    message = row.message or row.reason or row.word
    if row.grade in (WRONG, UNSURE):
        kind = "failure" if row.grade == WRONG else "error"
        child = ET.SubElement(case, kind, {"message": message, "type": row.status})
        child.text = "\n".join(_lines(row))
    elif row.status in _SKIPPED:
        ET.SubElement(case, "skipped", {"message": message})


def _lines(row: Row) -> list[str]:
    told = (row.title, row.reason, row.message, row.observed, row.expected, row.remediation)
    return [*(line for line in told if line), *(f"sha256:{digest}" for digest in row.evidence)]


def _stamp(moment: str) -> str:
    """The schema wants a time without a zone: UTC."""
    if not moment:
        return "1970-01-01T00:00:00"
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


REPORT = Report(
    format="junit",
    title=N_("JUnit XML, for continuous integration"),
    media_type="application/xml",
    suffix=".xml",
    render=render,
)
