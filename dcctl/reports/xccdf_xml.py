"""XCCDF 1.2: a benchmark of the rules, and in it a test result for each target.

A partial result is `fail` and what could not be told `notchecked`: XCCDF has no other words. What a
waiver covers is a failure overridden to `informational`, so that no score counts it as passed.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, Severity
from dcctl.reports._rules import Result, Rule, began, by_target, ended, results, rules
from dcctl.text import N_

_XCCDF = "http://checklists.nist.gov/xccdf/1.2"
_SPACE = "vn.dcctl"
_RESULTS = {
    FindingStatus.PASS: "pass",
    FindingStatus.PARTIAL: "fail",
    FindingStatus.FAIL: "fail",
    FindingStatus.NOT_APPLICABLE: "notapplicable",
    FindingStatus.NOT_EVALUATED: "notchecked",
    FindingStatus.WAIVED: "informational",
}
_SEVERITIES = {
    Severity.CRITICAL: "high",
    Severity.HIGH: "high",
    Severity.MEDIUM: "medium",
    Severity.LOW: "low",
}
_SCORED = ("pass", "fail")


def render(record: RunRecord, language: str) -> bytes:
    """A Benchmark that holds the rules and a TestResult for each target."""
    asked = rules(record, language)
    root = ET.Element(
        f"{{{_XCCDF}}}Benchmark",
        {"id": f"xccdf_{_SPACE}_benchmark_{record.run.verb}", "resolved": "1"},
    )
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    status = _child(root, "status", "draft")
    status.set("date", began(record)[:10])
    _child(root, "title", f"dcctl {record.run.verb} {record.run.id}")
    _child(root, "version", record.run.versions.get("dcctl", "0"))
    _child(root, "model").set("system", "urn:xccdf:scoring:default")
    for rule in asked:
        _rule(root, rule)
    for name, found in by_target(results(record, language)).items():
        _test_result(root, record, name or record.run.estate or "estate", found)
    ET.register_namespace("", _XCCDF)
    ET.indent(root)
    page: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return page + b"\n"


def _rule(root: ET.Element, rule: Rule) -> None:
    item = _child(root, "Rule")
    item.set("id", _id("rule", rule.id))
    item.set("severity", _SEVERITIES[rule.severity])
    _child(item, "title", rule.title)
    _child(item, "description", rule.criterion)
    for clause in rule.clauses:
        _child(item, "reference", f"{clause.standard} {clause.id}")
    if rule.remediation:
        _child(item, "fixtext", rule.remediation)


def _test_result(root: ET.Element, record: RunRecord, name: str, found: list[Result]) -> None:
    item = _child(root, "TestResult")
    item.set("id", _id("testresult", f"{record.run.id}-{name}"))
    item.set("start-time", began(record))
    item.set("end-time", ended(record))
    item.set("version", record.run.versions.get("dcctl", "0"))
    _child(item, "title", f"{record.run.verb} {record.run.id}")
    _child(item, "target", name)
    for one in found:
        _rule_result(item, record, one)
    told = [_RESULTS[one.status] for one in found]
    scored = [word for word in told if word in _SCORED]
    score = _child(item, "score", f"{told.count('pass') * 100 / len(scored) if scored else 0:.2f}")
    score.set("system", "urn:xccdf:scoring:flat-unweighted")
    score.set("maximum", "100")


def _rule_result(item: ET.Element, record: RunRecord, one: Result) -> None:
    line = _child(item, "rule-result")
    line.set("idref", _id("rule", one.rule))
    line.set("time", ended(record))
    line.set("severity", _SEVERITIES[one.severity])
    _child(line, "result", _RESULTS[one.status])
    if one.status is FindingStatus.WAIVED:
        override = _child(line, "override")
        # From when on it holds, and who approved it, where that is known.
        since = [f"{waiver.effective_from}T00:00:00+07:00" for waiver in one.waivers]
        approvers = dict.fromkeys(waiver.approved_by for waiver in one.waivers)
        override.set("time", max(since, default=ended(record)))
        override.set("authority", ", ".join(approvers) or one.reason or "waiver")
        _child(override, "old-result", "fail")
        _child(override, "new-result", _RESULTS[one.status])
        _child(override, "remark", one.told or one.word)
    if one.told:
        _child(line, "message", one.told).set("severity", "info")


def _child(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, f"{{{_XCCDF}}}{name}")
    child.text = text or None
    return child


def _id(kind: str, name: str) -> str:
    safe = "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in name)
    return f"xccdf_{_SPACE}_{kind}_{safe}"


REPORT = Report(
    format="xccdf",
    title=N_("XCCDF 1.2, rules and test results"),
    media_type="application/xml",
    suffix=".xccdf.xml",
    render=render,
)
