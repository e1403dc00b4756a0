"""Findings of a row's checks on a target, summed up into the row's one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl import checks
from dcctl.model.assessment import Result, together
from dcctl.model.status import FindingStatus, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from dcctl.model.outcome import Finding, Reading
    from dcctl.model.target import Target
    from dcctl.standards import Row

_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def live(
    row: Row,
    target: Target,
    asked: Mapping[str, Mapping[str, Any]],
    readings: Mapping[str, Reading],
) -> Result:
    """One row on one target: all of its checks bear on it, each with what the row asks for."""
    return summed(row.id, target.name, checks.evaluate(target, readings, asked))


def summed(row: str, target: str, found: tuple[Finding, ...]) -> Result:
    """The result that these findings make."""
    status = together(finding.status for finding in found)
    telling = [finding for finding in found if finding.status is status] or list(found)
    if status is FindingStatus.PARTIAL:
        telling = [f for f in found if f.status in (FindingStatus.FAIL, FindingStatus.PARTIAL)]
    first = min(telling, key=lambda finding: _SEVERITIES.index(finding.severity))
    return Result(
        requirement=row,
        target=target,
        status=status,
        severity=min((f.severity for f in found), key=_SEVERITIES.index),
        reason=first.reason,
        message=first.message,
        findings=found,
        evidence=_evidence(found),
    )


def _evidence(found: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(digest for finding in found for digest in finding.evidence))
