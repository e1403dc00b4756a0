"""One check on one target: whatever happens, exactly one finding, and never a pass by accident."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from dcctl.contracts import Check, Judgement
from dcctl.facts import read_fact
from dcctl.model import plain
from dcctl.model.outcome import Finding, Reading
from dcctl.model.status import FindingStatus, NotEvaluated, ReadingStatus
from dcctl.model.target import Target
from dcctl.text import N_, Text

_log = logging.getLogger(__name__)
_JUDGED = (ReadingStatus.PARSED, ReadingStatus.EMPTY)
_REASONS = {
    ReadingStatus.UNREACHABLE: NotEvaluated.UNREACHABLE,
    ReadingStatus.NO_TEMPLATE: NotEvaluated.NO_COLLECTOR,
    ReadingStatus.ERROR: NotEvaluated.ERROR,
}


def finding(
    check: Check | None,
    check_id: str,
    target: Target,
    readings: Mapping[str, Reading],
    parameters: Mapping[str, Any],
) -> Finding:
    """The one finding of `check` on `target`; `check` is None when no such check exists."""
    if check is None:
        return Finding(
            check=check_id,
            target=target.name,
            status=FindingStatus.NOT_EVALUATED,
            reason=NotEvaluated.ERROR,
            message=Text(N_("this version of dcctl has no check {check}"), {"check": check_id}),
        )
    if not target.managed:
        text = Text(N_("no driver reaches this equipment"))
        return _not_evaluated(check, target, readings, NotEvaluated.UNMANAGED, text)
    try:
        why_not = check.applies(target)
        if why_not:
            judgement = Judgement(
                status=FindingStatus.NOT_APPLICABLE, message=Text(why_not), reason=why_not
            )
        else:
            missing = _missing(check, readings)
            if missing:
                return _not_evaluated(check, target, readings, *missing)
            facts = {topic: read_fact(readings[topic]) for topic in check.topics}
            judgement = _sound(check.judge(target, facts, {**check.parameters, **parameters}))
        return _finding(check, target, readings, judgement)
    except Exception as error:  # noqa: BLE001 - a check that raises is a finding, not the end of a run
        _log.exception("check %s raised on %s", check.id, target.name)
        text = Text(
            N_("check {check} itself failed: {error} ({place})"),
            {
                "check": check.id,
                "error": f"{type(error).__name__}: {error}",
                "place": _place(error),
            },
        )
        return _not_evaluated(check, target, readings, NotEvaluated.ERROR, text)


def _missing(check: Check, readings: Mapping[str, Reading]) -> tuple[NotEvaluated, Text] | None:
    """Why the facts are not all there: the worst topic's reason."""
    for topic in check.topics:
        reading = readings.get(topic)
        if reading is None:
            return NotEvaluated.NOT_STARTED, Text(N_("{topic} was never read"), {"topic": topic})
        if reading.status in _JUDGED:
            continue
        reason = _REASONS.get(reading.status, NotEvaluated.ERROR)
        if reading.status is ReadingStatus.NO_TEMPLATE and reading.evidence:
            reason = NotEvaluated.UNPARSED  # an answer came, and no parser for it
        message = reading.message or reading.status.value
        return reason, Text(
            N_("{topic} could not be read: {message}"), {"topic": topic, "message": message}
        )
    return None


def _sound(judgement: Judgement) -> Judgement:
    """A judgement that keeps its contract; else a TypeError, told as the check's own failure."""
    if not isinstance(judgement, Judgement):
        message = f"judge returned {type(judgement).__name__}"
        raise TypeError(message)
    explained = (FindingStatus.NOT_APPLICABLE, FindingStatus.NOT_EVALUATED)
    if judgement.status in explained and not judgement.reason:
        message = f"judge said {judgement.status} without a reason"
        raise TypeError(message)
    return judgement


def _finding(
    check: Check, target: Target, readings: Mapping[str, Reading], judgement: Judgement
) -> Finding:
    return Finding(
        check=check.id,
        target=target.name,
        status=judgement.status,
        severity=check.severity,
        reason=judgement.reason,
        message=judgement.message,
        observed=plain.to_plain(judgement.observed),
        expected=plain.to_plain(judgement.expected),
        title=check.title,
        remediation=check.remediation,
        evidence=tuple(
            digest
            for topic in check.topics
            if topic in readings
            for digest in readings[topic].evidence
        ),
    )


def _not_evaluated(
    check: Check,
    target: Target,
    readings: Mapping[str, Reading],
    reason: NotEvaluated,
    message: Text,
) -> Finding:
    judgement = Judgement(status=FindingStatus.NOT_EVALUATED, message=message, reason=reason)
    return _finding(check, target, readings, judgement)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
