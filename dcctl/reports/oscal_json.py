"""OSCAL 1.1.3 assessment results.

OSCAL knows satisfied and not satisfied. What was not evaluated or does not apply is told in a
property of the observation and is no finding, so that nobody takes it for satisfied. What is waived
is not satisfied, and a risk whose deviation was approved, with the day on which that ends.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from dcctl.contracts import Report
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus
from dcctl.reports._rules import Result, Rule, began, by_target, ended, name_of, results, rules
from dcctl.text import N_

VERSION = "1.1.3"
_SPACE = "https://dcctl.example/ns/oscal"  # RFC 2606: a name, not an address
_STATES = {
    FindingStatus.PASS: ("satisfied", "pass"),
    FindingStatus.PARTIAL: ("not-satisfied", "fail"),
    FindingStatus.FAIL: ("not-satisfied", "fail"),
    FindingStatus.WAIVED: ("not-satisfied", "fail"),
}


def render(record: RunRecord, language: str) -> bytes:
    """One result; an observation for each answer, a finding for each that says yes or no."""
    asked = {rule.id: rule for rule in rules(record, language)}
    found = results(record, language)
    data = {
        "assessment-results": {
            "uuid": name_of(record, "assessment-results", language),
            "metadata": {
                "title": f"dcctl {record.run.verb} {record.run.id}",
                "last-modified": ended(record),
                "version": record.run.versions.get("dcctl", "0"),
                "oscal-version": VERSION,
            },
            "import-ap": {"href": f"#{name_of(record, 'plan')}"},
            "results": [_result(record, asked, found)],
            "back-matter": {"resources": _resources(record, found)},
        }
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _result(record: RunRecord, asked: dict[str, Rule], found: tuple[Result, ...]) -> dict[str, Any]:
    controls = [{"control-id": token(name)} for name in asked]
    told: dict[str, Any] = {
        "uuid": name_of(record, "result"),
        "title": f"{record.run.verb} {record.run.id}",
        "description": f"{record.run.estate or 'estate'}: {len(found)} answers",
        "start": began(record),
        "end": ended(record),
        "reviewed-controls": {
            "control-selections": [
                {"include-controls": controls} if controls else {"include-all": {}}
            ]
        },
    }
    items = [
        {
            "uuid": name_of(record, "item", name),
            "description": name,
            "props": [{"name": "asset-id", "value": name}],
        }
        for name in by_target(found)
        if name
    ]
    if items:
        told["local-definitions"] = {"inventory-items": items}
    if found:
        told["observations"] = [_observation(record, asked[one.rule], one) for one in found]
    if findings := list(_findings(record, asked, found)):
        told["findings"] = findings
    if risks := [_risk(record, asked[one.rule], one) for one in found if _is_waived(one)]:
        told["risks"] = risks
    return told


def _is_waived(one: Result) -> bool:
    return one.status is FindingStatus.WAIVED


def _risk(record: RunRecord, rule: Rule, one: Result) -> dict[str, Any]:
    """What a waiver takes on."""
    told: dict[str, Any] = {
        "uuid": name_of(record, "risk", one.rule, one.target),
        "title": f"{one.rule} {rule.title}",
        "description": one.message or one.word,
        "statement": one.reason or one.word,
        "props": [
            {"name": "waiver", "ns": _SPACE, "value": token(waiver.name)} for waiver in one.waivers
        ],
        "status": "deviation-approved",
        "mitigating-factors": [
            {
                "uuid": name_of(record, "mitigation", one.rule, one.target, waiver.name, check),
                "description": check,
            }
            for waiver in one.waivers
            for check in waiver.compensating
        ],
        "related-observations": [
            {"observation-uuid": name_of(record, "observation", one.rule, one.target)}
        ],
    }
    if one.until:
        told["deadline"] = f"{one.until}T23:59:59+07:00"
    return {key: value for key, value in told.items() if value}


def _observation(record: RunRecord, rule: Rule, one: Result) -> dict[str, Any]:
    told: dict[str, Any] = {
        "uuid": name_of(record, "observation", one.rule, one.target),
        "title": rule.title,
        "description": one.told or one.word,
        "props": [
            {"name": "status", "ns": _SPACE, "value": one.status.value},
            {"name": "rule", "ns": _SPACE, "value": one.rule},
        ],
        "methods": ["TEST"],
        "collected": ended(record),
    }
    if one.target:
        subject = name_of(record, "item", one.target)
        told["subjects"] = [{"subject-uuid": subject, "type": "inventory-item"}]
    if one.evidence:
        told["relevant-evidence"] = [
            {"href": f"#{name_of(record, 'evidence', digest)}", "description": f"sha256:{digest}"}
            for digest in one.evidence
        ]
    return told


def _findings(
    record: RunRecord, asked: dict[str, Rule], found: tuple[Result, ...]
) -> Iterator[dict[str, Any]]:
    for one in found:
        if one.status not in _STATES:
            continue
        state, reason = _STATES[one.status]
        found_here: dict[str, Any] = {
            "uuid": name_of(record, "finding", one.rule, one.target),
            "title": f"{one.rule} {asked[one.rule].title}",
            "description": one.told or one.word,
            "target": {
                "type": "objective-id",
                "target-id": token(one.rule),
                "status": {"state": state, "reason": reason},
            },
            "related-observations": [
                {"observation-uuid": name_of(record, "observation", one.rule, one.target)}
            ],
        }
        if _is_waived(one):
            risk = name_of(record, "risk", one.rule, one.target)
            found_here["related-risks"] = [{"risk-uuid": risk}]
        yield found_here


def _resources(record: RunRecord, found: tuple[Result, ...]) -> list[dict[str, Any]]:
    digests = dict.fromkeys(digest for one in found for digest in one.evidence)
    plan = {"uuid": name_of(record, "plan"), "title": f"plan {record.run.plan_hash}"}
    return [
        plan,
        *(
            {
                "uuid": name_of(record, "evidence", digest),
                "title": f"evidence {digest[:12]}",
                "rlinks": [
                    {
                        "href": f"evidence/{digest}",
                        "hashes": [{"algorithm": "SHA-256", "value": digest}],
                    }
                ],
            }
            for digest in digests
        ),
    ]


def token(name: str) -> str:
    """A name as OSCAL's tokens allow it: letters, digits, `-._`, and no digit at the beginning."""
    plain = unicodedata.normalize("NFKD", name.replace("Đ", "D").replace("đ", "d"))
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    return safe if safe[:1].isalpha() else f"r-{safe}"


REPORT = Report(
    format="oscal",
    title=N_("OSCAL 1.1.3 assessment results"),
    media_type="application/oscal+json",
    suffix=".oscal.json",
    render=render,
)
