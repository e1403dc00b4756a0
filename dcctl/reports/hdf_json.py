"""HDF (InSpec's exec-json), for Heimdall and the SAF tools."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, Severity
from dcctl.reports._rules import Result, Rule, began, results, rules
from dcctl.text import N_

_IMPACTS = {Severity.CRITICAL: 0.9, Severity.HIGH: 0.7, Severity.MEDIUM: 0.5, Severity.LOW: 0.3}
_STATUSES = {
    FindingStatus.PASS: "passed",
    FindingStatus.PARTIAL: "failed",
    FindingStatus.FAIL: "failed",
    FindingStatus.NOT_APPLICABLE: "skipped",
    FindingStatus.NOT_EVALUATED: "error",  # a skip would be taken for harmless
    FindingStatus.WAIVED: "failed",  # and waiver_data says why
}


def render(record: RunRecord, language: str) -> bytes:
    """One profile; one control a rule, one result in it a target."""
    asked = rules(record, language)
    told: dict[str, list[Result]] = {rule.id: [] for rule in asked}
    for one in results(record, language):
        told[one.rule].append(one)
    controls = [_control(record, rule, told[rule.id]) for rule in asked]
    digest = hashlib.sha256(json.dumps([rule.id for rule in asked]).encode()).hexdigest()
    data = {
        "platform": {"name": "dcctl", "release": record.run.versions.get("dcctl", "0")},
        "version": record.run.versions.get("dcctl", "0"),
        "statistics": {"duration": None},
        "profiles": [
            {
                "name": f"dcctl-{record.run.verb}",
                "title": f"dcctl {record.run.verb} {record.run.id}",
                "version": record.run.versions.get("dcctl", "0"),
                "sha256": digest,
                "status": "loaded",
                "supports": [],
                "attributes": [],
                "groups": [],
                "controls": controls,
            }
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _control(record: RunRecord, rule: Rule, found: list[Result]) -> dict[str, Any]:
    applies = any(one.status is not FindingStatus.NOT_APPLICABLE for one in found)
    control: dict[str, Any] = {
        "id": rule.id,
        "title": rule.title,
        "desc": rule.criterion,
        # Heimdall takes impact 0 for "not applicable".
        "impact": _IMPACTS[rule.severity] if applies else 0.0,
        "refs": [],
        "tags": {
            "nist": list(rule.controls),
            "clauses": [f"{clause.standard} {clause.id}" for clause in rule.clauses],
            "fix": rule.remediation,
        },
        "code": "",
        "source_location": {},
        "results": [_result(record, one) for one in found],
    }
    waived = [one for one in found if one.status is FindingStatus.WAIVED]
    if waived:
        control["waiver_data"] = {
            "expiration_date": min((one.until for one in waived if one.until), default=None),
            "justification": "; ".join(dict.fromkeys(one.told for one in waived)),
            "run": True,
            "skipped_due_to_waiver": False,
            "message": "",
        }
    return control


def _result(record: RunRecord, one: Result) -> dict[str, Any]:
    told = {
        "status": _STATUSES[one.status],
        "code_desc": f"{one.target or record.run.estate or 'estate'}: {one.rule}",
        "start_time": began(record),
        "run_time": 0.0,
    }
    if one.status is FindingStatus.PASS:
        return told
    key = "skip_message" if one.status is FindingStatus.NOT_APPLICABLE else "message"
    return {**told, key: f"{one.word}: {one.told}" if one.told else one.word}


REPORT = Report(
    format="hdf",
    title=N_("HDF (InSpec exec-json)"),
    media_type="application/json",
    suffix=".hdf.json",
    render=render,
)
