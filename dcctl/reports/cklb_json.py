"""CKLB, the checklist of STIG Viewer 3 and STIG Manager: a zip with one checklist a target."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, Severity
from dcctl.reports._rules import Result, Rule, by_target, ended, name_of, results, rules
from dcctl.text import N_

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is made
_STATUSES = {
    FindingStatus.PASS: "not_a_finding",
    FindingStatus.PARTIAL: "open",
    FindingStatus.FAIL: "open",
    FindingStatus.NOT_APPLICABLE: "not_applicable",
    FindingStatus.NOT_EVALUATED: "not_reviewed",
    FindingStatus.WAIVED: "open",  # a checklist has no word for it; the comment says why
}
_SEVERITIES = {
    Severity.CRITICAL: "high",
    Severity.HIGH: "high",
    Severity.MEDIUM: "medium",
    Severity.LOW: "low",
}


def render(record: RunRecord, language: str) -> bytes:
    """A file `TARGET.cklb` each, since a checklist holds one target."""
    asked = {rule.id: rule for rule in rules(record, language)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as folder:
        for name, told in by_target(results(record, language)).items():
            data = _checklist(record, name, [(asked[one.rule], one) for one in told])
            text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
            entry = zipfile.ZipInfo(f"{name or record.run.estate or 'estate'}.cklb", _EPOCH)
            folder.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _checklist(record: RunRecord, name: str, found: list[tuple[Rule, Result]]) -> dict[str, Any]:
    target = record.plan.targets.get(name)
    stig = name_of(record, "stig", name)
    title = f"dcctl {record.run.verb} {record.run.id}"
    return {
        "cklb_version": "1.0",
        "title": f"{name or record.run.estate or 'estate'} {title}",
        "id": name_of(record, "checklist", name),
        "active": True,
        "mode": 2,
        "has_path": False,
        "target_data": {
            "target_type": "Computing",
            "host_name": name or record.run.estate,
            "ip_address": target.connection.address if target else "",
            "mac_address": "",
            "fqdn": "",
            "comments": "",
            "role": "None",
            "is_web_database": False,
            "technology_area": "",
            "web_db_site": "",
            "web_db_instance": "",
            "classification": None,
        },
        "stigs": [
            {
                "stig_name": title,
                "display_name": title,
                "stig_id": f"dcctl_{record.run.verb}",
                "version": record.run.versions.get("dcctl", "0"),
                "release_info": record.run.plan_hash[:12],
                "uuid": stig,
                "reference_identifier": None,
                "size": len(found),
                "rules": [_rule(record, stig, name, rule, one) for rule, one in found],
            }
        ],
    }


def _rule(record: RunRecord, stig: str, name: str, rule: Rule, one: Result) -> dict[str, Any]:
    return {
        "uuid": name_of(record, "rule", name, rule.id),
        "stig_uuid": stig,
        "STIGUuid": stig,
        "target_key": None,
        "stig_ref": None,
        "group_id": rule.id,
        "rule_id": rule.id,
        "rule_id_src": rule.id,
        "weight": "10.0",
        "classification": "Unclassified",
        "severity": _SEVERITIES[rule.severity],
        "rule_version": rule.id,
        "group_title": rule.title,
        "rule_title": rule.title,
        "fix_text": rule.remediation,
        "discussion": rule.cited,
        "check_content": rule.criterion,
        "check_content_ref": {"href": "", "name": "M"},
        "legacy_ids": [],
        "ccis": [],
        "group_tree": [{"id": rule.id, "title": rule.title, "description": ""}],
        "createdAt": ended(record),
        "updatedAt": ended(record),
        "status": _STATUSES[one.status],
        "overrides": {},
        "comments": one.told if one.status is FindingStatus.WAIVED else "",
        "finding_details": "\n".join(
            [one.told, *(f"sha256:{digest}" for digest in one.evidence)]
        ).strip(),
    }


REPORT = Report(
    format="cklb",
    title=N_("CKLB, checklists of STIG Viewer 3"),
    media_type="application/zip",
    suffix=".cklb.zip",
    render=render,
)
