"""SARIF 2.1.0: results for tools that show findings of analysers."""

from __future__ import annotations

import json
from typing import Any

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, Severity
from dcctl.reports._rules import Result, Rule, began, ended, mark_of, results, rules
from dcctl.text import N_

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_KINDS = {
    FindingStatus.PASS: "pass",
    FindingStatus.PARTIAL: "fail",
    FindingStatus.FAIL: "fail",
    FindingStatus.NOT_APPLICABLE: "notApplicable",
    FindingStatus.NOT_EVALUATED: "open",  # it could not be told
    FindingStatus.WAIVED: "fail",  # suppressed, and still a failure
}
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}


def render(record: RunRecord, language: str) -> bytes:
    """One run; each rule by its place, each target as a logical location."""
    asked = rules(record, language)
    places = {rule.id: place for place, rule in enumerate(asked)}
    data = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "dcctl",
                        "version": record.run.versions.get("dcctl", "0"),
                        "rules": [_rule(rule) for rule in asked],
                    }
                },
                "language": language,
                "automationDetails": {"id": f"{record.run.verb}/{record.run.id}"},
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "startTimeUtc": _utc(began(record)),
                        "endTimeUtc": _utc(ended(record)),
                    }
                ],
                "results": [_result(one, places[one.rule]) for one in results(record, language)],
            }
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _rule(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.criterion},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [f"{c.standard} {c.id}" for c in rule.clauses]},
    }
    if rule.remediation:
        found["help"] = {"text": rule.remediation}
    return found


def _result(one: Result, place: int) -> dict[str, Any]:
    kind = _KINDS[one.status]
    found: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": place,
        "kind": kind,
        "level": _LEVELS[one.severity] if kind == "fail" else "none",
        "message": {"text": one.told or one.word},
        "partialFingerprints": {"dcctl/v1": mark_of(one.rule, one.target)},
        "properties": {"status": one.status.value, "evidence": list(one.evidence)},
    }
    if one.target:
        location = {"name": one.target, "kind": "resource"}
        found["locations"] = [{"logicalLocations": [location]}]
    if one.status is FindingStatus.WAIVED:
        found["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": one.told}
        ]
        found["properties"]["waivers"] = [
            {"name": w.name, "until": w.until, "approvedBy": w.approved_by} for w in one.waivers
        ]
    return found


def _utc(moment: str) -> str:
    return moment.replace("+00:00", "Z")


REPORT = Report(
    format="sarif",
    title=N_("SARIF 2.1.0"),
    media_type="application/sarif+json",
    suffix=".sarif",
    render=render,
)
