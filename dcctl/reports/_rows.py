"""One step or one finding as every report shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dcctl.model.assessment import Requirement, Result
from dcctl.model.declaration import Waiver
from dcctl.model.outcome import Finding, Outcome
from dcctl.model.plan import Step
from dcctl.model.status import FindingStatus
from dcctl.reports._words import (
    FINDING_GRADES,
    NOT_STARTED,
    REASONS,
    SEVERITY_WORDS,
    STEP_GRADES,
    WORDS,
)
from dcctl.text import N_, Text, translate

_TOLD_BY_MESSAGE = (FindingStatus.NOT_APPLICABLE, FindingStatus.WAIVED)
_SHOWN = 400  # characters of an observed or expected value
# Characters that XML 1.0 can't hold, and terminals obey.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step or one finding, in the reader's language."""

    kind: str  # step | finding
    key: str  # unique in the report: an anchor
    name: str  # step id or check id
    title: str
    target: str
    status: str  # the stored word
    word: str  # the reader's word
    grade: str
    severity: str = ""
    severity_word: str = ""
    reason: str = ""
    message: str = ""
    changed: tuple[str, ...] = ()
    observed: str = ""
    expected: str = ""
    remediation: str = ""
    attempts: int = 1
    seconds: float | None = None
    evidence: tuple[str, ...] = ()


def clean(text: Any) -> str:
    """Text of a device without what can't stand in a document."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text))


def step_row(step: Step, outcome: Outcome, language: str) -> Row:
    """A step and its outcome."""
    return Row(
        kind="step",
        key=f"step-{step.id}",
        name=step.id,
        title=clean(step.name),
        target=step.target,
        status=outcome.status.value,
        word=translate(WORDS[outcome.status], language),
        grade=STEP_GRADES[outcome.status],
        reason=_reason(outcome.reason, NOT_STARTED, language),
        message=clean(outcome.message.in_language(language)),
        changed=tuple(clean(line) for line in outcome.changed),
        attempts=outcome.attempts,
        seconds=seconds_between(outcome.started_at, outcome.finished_at),
        evidence=outcome.evidence,
    )


def finding_row(finding: Finding, language: str) -> Row:
    """A finding."""
    message = clean(finding.message.in_language(language))
    reason = _reason(finding.reason, REASONS, language)
    return Row(
        kind="finding",
        key=f"finding-{finding.target}-{finding.check}",
        name=finding.check,
        title=clean(translate(finding.title, language)) or finding.check,
        target=finding.target,
        status=finding.status.value,
        word=translate(WORDS[finding.status], language),
        grade=FINDING_GRADES[finding.status],
        severity=finding.severity.value,
        severity_word=translate(SEVERITY_WORDS[finding.severity], language),
        # why it does not apply is its message already
        reason="" if finding.status is FindingStatus.NOT_APPLICABLE and message else reason,
        message=message,
        observed=_data(finding.observed),
        expected=_data(finding.expected),
        remediation=clean(translate(finding.remediation, language)),
        evidence=finding.evidence,
    )


def result_row(
    result: Result,
    asked: Requirement,
    estate: str,
    language: str,
    waivers: Mapping[str, Waiver] | None = None,
) -> Row:
    """An audit's answer: the row of the catalogue on one target, or on the estate."""
    target = result.target or estate
    message = clean(result.message.in_language(language))
    if result.status is FindingStatus.WAIVED:
        message = ": ".join([waived_by(result, waivers or {}, language), message])
    unanswered = asked.unanswered.get(language) or asked.unanswered.get("en", "")
    reason = _reason(result.reason, REASONS, language)
    fixes = (clean(translate(finding.remediation, language)) for finding in result.findings)
    return Row(
        kind="finding",
        key=f"finding-{target}-{asked.id}",
        name=asked.id,
        title=clean(asked.title.get(language) or asked.title.get("en", "")),
        target=target,
        status=result.status.value,
        word=translate(WORDS[result.status], language),
        grade=FINDING_GRADES[result.status],
        severity=result.severity.value,
        severity_word=translate(SEVERITY_WORDS[result.severity], language),
        reason="" if result.status in _TOLD_BY_MESSAGE and message else reason,
        message=unanswered or message,
        expected=clean(asked.criterion.get(language) or asked.criterion.get("en", "")),
        remediation=" ".join(dict.fromkeys(fix for fix in fixes if fix)),
        evidence=result.evidence,
    )


def waived_by(result: Result, waivers: Mapping[str, Waiver], language: str) -> str:
    """By which waiver, until when, by whom and why; only its name where no more is known."""
    told = []
    for name in result.waivers or (result.reason,):
        one = waivers.get(name)
        if one is None:
            told.append(name)
            continue
        params = {
            "waiver": one.name,
            "until": one.until,
            "asker": one.requested_by,
            "approver": one.approved_by,
            "reason": one.reason,
            "checks": ", ".join(one.compensating),
        }
        text = Text(
            N_(
                "waiver {waiver} until {until}, asked by {asker}, approved by {approver}: {reason} "
                "({checks} makes up for it)"
            ),
            params,
        )
        told.append(text.in_language(language))
    return clean("; ".join(told))


def _reason(reason: str, words: Mapping[Any, str], language: str) -> str:
    """The reader's words for a stored reason, or for a message id that stands as one."""
    return clean(translate(words.get(reason, reason), language))


def _data(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(", ", ": "))
    text = value if isinstance(value, str) else text
    return clean(text if len(text) <= _SHOWN else text[:_SHOWN] + " …")


def seconds_between(start: str, end: str) -> float | None:
    """How long it was from one ISO time to another, if both are known."""
    if not (start and end):
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
