"""Evidence, catalogue, profile and day -> assessment. Pure: same input, same bytes, anywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl import checks, standards
from dcctl.model import plain
from dcctl.model.assessment import (
    Answered,
    Assessment,
    ClauseRef,
    ClauseResult,
    Requirement,
    Result,
    together,
)
from dcctl.model.status import FindingStatus, NotEvaluated, Severity
from dcctl.processes import shared_out
from dcctl.standards import Attested, Live
from dcctl.text import N_, Text
from dcctl.workflows.audit import again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from dcctl.model.outcome import Finding, Reading
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.standards import Clause, Row, Standard

LEVEL = 4  # where the inventory says none: what serves bodies nationwide
_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_NO_RECORD = N_("nobody of the role {role} has signed for it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is asked: the day whose law counts, and what narrows it."""

    as_of: date
    level: int | None = None  # None: each target's own
    standards: tuple[str, ...] = ()  # ids; empty: all that applied on the day
    priority: int = 2  # rows up to this one


def assess(
    record: RunRecord,
    blob: Callable[[str], bytes],
    rows: Sequence[Row],
    profile: Profile,
    version: str,
) -> Assessment:
    """Judge what `record` collected; `blob` gives the bytes kept under a digest.

    Raises:
        NotFound, JournalError: never; evidence that is lost or damaged is not evaluated.
    """
    applying = _applying(profile)
    asked = [row for row in rows if row.priority <= profile.priority]
    levels = {
        name: profile.level or int(target.intent.get("security_level") or LEVEL)
        for name, target in record.plan.targets.items()
    }
    results = list(_judged(record, blob, asked, levels, applying, profile.as_of))
    highest = max(levels.values(), default=profile.level or LEVEL)
    results += [
        _unlooked(row)
        for row in asked
        if not isinstance(row.answer, Live) and row.cited(highest, applying)
    ]
    used = {result.requirement for result in results}
    rows_used = [row for row in asked if row.id in used]
    return Assessment(
        run=record.run.id,
        as_of=profile.as_of.isoformat(),
        levels=levels,
        standards=tuple(applying),
        catalogue=plain.digest(plain.to_plain([rows, list(applying.values())])),
        dcctl=version,
        requirements=tuple(_requirement(row, applying, {*levels.values()}) for row in rows_used),
        results=tuple(results),
        clauses=tuple(_clauses(rows_used, results, applying, levels, highest)),
    )


def _judged(
    record: RunRecord,
    blob: Callable[[str], bytes],
    rows: Sequence[Row],
    levels: Mapping[str, int],
    applying: Mapping[str, Standard],
    day: date,
) -> Iterator[Result]:
    """Every live row on every target that it means, target after target."""
    told = said(record)
    live = [row for row in rows if isinstance(row.answer, Live)]

    def judged(name: str) -> list[Result]:
        target, level, site = record.plan.targets[name], levels[name], told.get(name, {})
        meant = [row for row in live if _meant(row, target, level, applying)]
        readings = again.readings(record, name, blob) if meant else {}
        return [
            _live(row, target, checks.dated(row.asked(level, site), day), readings) for row in meant
        ]

    for found in shared_out(judged, tuple(levels)):
        yield from found


def _applying(profile: Profile) -> dict[str, Standard]:
    found = standards.applying(profile.as_of)
    return {name: one for name, one in found.items() if name in (profile.standards or found)}


def _meant(row: Row, target: Target, level: int, applying: Mapping[str, Standard]) -> bool:
    """Whether a row is about this kind of target, and asked for at its level."""
    kind = "servers" if target.kind == "server" else "elements"
    return row.targets in ("all", kind) and bool(row.cited(level, applying))


def said(record: RunRecord) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """What the site said of each target, when it was collected, of what only it can know."""
    found: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    for step in record.plan.steps:
        if step.settings.get("site"):
            found.setdefault(step.target, step.settings["site"])
    return found


def _live(
    row: Row,
    target: Target,
    asked: Mapping[str, Mapping[str, Any]],
    readings: Mapping[str, Reading],
) -> Result:
    """One row on one target: all of its checks bear on it, each with what the row asks for."""
    found = checks.evaluate(target, readings, asked)
    status = together(finding.status for finding in found)
    telling = [finding for finding in found if finding.status is status] or list(found)
    if status is FindingStatus.PARTIAL:
        telling = [f for f in found if f.status in (FindingStatus.FAIL, FindingStatus.PARTIAL)]
    first = min(telling, key=lambda finding: _SEVERITIES.index(finding.severity))
    return Result(
        requirement=row.id,
        target=target.name,
        status=status,
        severity=min((f.severity for f in found), key=_SEVERITIES.index),
        reason=first.reason,
        message=first.message,
        findings=found,
        evidence=_evidence(found),
    )


def _evidence(found: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(digest for finding in found for digest in finding.evidence))


def _unlooked(row: Row) -> Result:
    """A row that no collector answers, once for the whole estate; never a pass."""
    if isinstance(row.answer, Attested):
        text = Text(_NO_RECORD, {"role": row.answer.role})
    else:
        text = Text(N_("this version of dcctl does not answer it"))
    return Result(
        requirement=row.id,
        target="",
        status=FindingStatus.NOT_EVALUATED,
        reason=NotEvaluated.ATTESTATION
        if isinstance(row.answer, Attested)
        else NotEvaluated.NO_COLLECTOR,
        message=text,
    )


def _requirement(row: Row, applying: Mapping[str, Standard], levels: Iterable[int]) -> Requirement:
    cited = {
        (clause.standard, clause.level or 0, clause.id): _reference(clause)
        for level in levels
        for clause in row.cited(level, applying)
    }
    return Requirement(
        id=row.id,
        priority=row.priority,
        answered=Answered(row.kind.value),
        title=row.title,
        criterion=row.passes,
        clauses=tuple(cited[key] for key in sorted(cited)),
        checks=tuple(row.answer.checks) if isinstance(row.answer, Live) else (),
        unanswered=row.answer.reason if isinstance(row.answer, standards.NotEvaluated) else {},
    )


def _reference(clause: Clause) -> ClauseRef:
    return ClauseRef(
        standard=clause.standard,
        id=clause.id,
        level=clause.level or 0,
        title=clause.title,
        certainty=clause.certainty,
    )


def _clauses(
    rows: Sequence[Row],
    results: Iterable[Result],
    applying: Mapping[str, Standard],
    levels: Mapping[str, int],
    highest: int,
) -> Iterator[ClauseResult]:
    """Each clause with the results of the rows that cite it, at their targets' levels."""
    by_id = {row.id: row for row in rows}
    bearing: dict[tuple[str, int, str], list[Result]] = defaultdict(list)
    known: dict[tuple[str, int, str], Clause] = {}
    for result in results:
        level = levels.get(result.target, highest)
        for clause in by_id[result.requirement].cited(level, applying):
            key = (clause.standard, clause.level or 0, clause.id)
            known[key] = clause
            bearing[key].append(result)
    for key in sorted(known):
        found = bearing[key]
        yield ClauseResult(
            clause=_reference(known[key]),
            status=together(result.status for result in found),
            counts=dict(sorted(Counter(result.status.value for result in found).items())),
            requirements=tuple(dict.fromkeys(result.requirement for result in found)),
        )
