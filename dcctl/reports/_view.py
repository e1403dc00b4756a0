"""What every report shows, worked out once: words in the reader's language, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from dcctl.errors import ExitCode
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, RunStatus, Severity
from dcctl.reports._rows import Row, finding_row, result_row, seconds_between, step_row
from dcctl.reports._words import (
    FINDING_GRADES,
    FINE,
    GRADES,
    RUN_WORDS,
    STEP_GRADES,
    UNSURE,
    WAVE_WORDS,
    WORDS,
    WRONG,
)
from dcctl.text import N_, Text, translate

_ZONE = timezone(timedelta(hours=7))  # Vietnam's, all year; the people who read this live in it


_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One target with all its steps and findings."""

    name: str
    platform: str
    site: str
    rack: str
    grade: str
    steps: tuple[Row, ...]
    findings: tuple[Row, ...]
    counts: tuple[tuple[str, int], ...]  # the reader's word -> how many


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveView:
    """One wave, counted from 1; 0 holds what lies in no wave. A target may lie in several."""

    number: int
    title: str
    targets: tuple[TargetView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole record, ready to be laid out."""

    record: RunRecord
    language: str
    grade: str
    verdict: str
    exit_code: int
    status_word: str
    started: str
    finished: str
    seconds: float | None
    step_counts: tuple[tuple[str, str, int], ...]  # grade, reader's word, how many
    finding_counts: tuple[tuple[str, str, int], ...]
    wrong: tuple[Row, ...]
    unsure: tuple[Row, ...]
    waves: tuple[WaveView, ...]
    evidence: tuple[tuple[str, str], ...]  # digest, target

    def word(self, msgid: str, **params: Any) -> str:
        """A message in the reader's language."""
        return Text(msgid, params).in_language(self.language)


def view(record: RunRecord, language: str) -> View:
    """Everything that a report shows of `record`."""
    steps = [step_row(step, outcome, language) for step, outcome in record.steps()]
    findings = list(_answers(record, language))
    rows = [*steps, *findings]
    code = record.exit_code()
    grade = {ExitCode.OK: FINE, ExitCode.WRONG: WRONG}.get(code, UNSURE)
    if _worst_first(rows, WRONG):  # also where every change was refused: it was read all the same
        grade = WRONG
    if grade == FINE and record.run.status is not RunStatus.FINISHED:
        grade = UNSURE
    return View(
        record=record,
        language=language,
        grade=grade,
        verdict=_verdict(rows, grade, language),
        exit_code=int(code),
        status_word=translate(RUN_WORDS[record.run.status], language),
        started=local(record.run.started_at),
        finished=local(record.run.finished_at),
        seconds=seconds_between(record.run.started_at, record.run.finished_at),
        step_counts=_counts(record.step_counts(), STEP_GRADES, language),
        finding_counts=_counts(Counter(row.status for row in findings), FINDING_GRADES, language),
        wrong=_worst_first(rows, WRONG),
        unsure=_worst_first(rows, UNSURE),
        waves=_waves(record, steps, findings, language),
        evidence=_evidence(record, rows),
    )


def _answers(record: RunRecord, language: str) -> Iterator[Row]:
    """What was judged: the rows of an audit's catalogue, else the checks."""
    found = record.assessment
    if found is None:
        yield from (finding_row(finding, language) for finding in record.findings)
        return
    asked = {one.id: one for one in found.requirements}
    waivers = {one.name: one for one in found.waivers}
    for result in found.results:
        row = asked[result.requirement]
        yield result_row(result, row, record.run.estate, language, waivers)


def local(moment: str) -> str:
    """An ISO time as people here read it."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M:%S +07")


def _verdict(rows: list[Row], grade: str, language: str) -> str:
    wrong = sum(row.grade == WRONG for row in rows)
    unsure = sum(row.grade == UNSURE for row in rows)
    if grade == WRONG:
        text = Text(N_("{wrong} wrong, {unsure} could not be told"), _numbers(wrong, unsure))
    elif grade == UNSURE:
        text = Text(N_("nothing found wrong, but {unsure} could not be told"), _numbers(0, unsure))
    elif waived := sum(row.status == FindingStatus.WAIVED.value for row in rows):
        text = Text(N_("nothing stands open, and {waived} waived"), {"waived": waived})
    else:
        text = Text(N_("everything is as it should be"))
    return text.in_language(language)


def _numbers(wrong: int, unsure: int) -> Mapping[str, int]:
    return {"wrong": wrong, "unsure": unsure}


def _counts(
    counted: Mapping[str, int], grades: Mapping[Any, str], language: str
) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (grade, translate(WORDS[kind], language), counted[kind.value])
        for kind, grade in grades.items()
        if counted.get(kind.value)
    )


def _worst_first(rows: list[Row], grade: str) -> tuple[Row, ...]:
    """Steps before findings, then by severity; the order of the plan within."""

    def weight(row: Row) -> tuple[int, int]:
        severity = next((i for i, s in enumerate(_SEVERITIES) if s.value == row.severity), 0)
        return (0 if row.kind == "step" else 1, severity)

    return tuple(sorted((row for row in rows if row.grade == grade), key=weight))


def _waves(
    record: RunRecord, steps: list[Row], findings: list[Row], language: str
) -> tuple[WaveView, ...]:
    """Each step in its wave, each finding in its target's last; what lies in none comes last."""
    placed: dict[tuple[int, str], tuple[list[Row], list[Row]]] = {}
    last: dict[str, int] = {}
    wave_of: dict[str, int] = {}
    for number, wave in enumerate(record.plan.waves, start=1):
        for target in wave.targets:
            placed[number, target] = ([], [])
            last[target] = number
        members = set(wave.targets)
        for step in wave.steps or (row.name for row in steps if row.target in members):
            wave_of.setdefault(step, number)
    for name in record.plan.targets:
        if name not in last:
            placed[0, name] = ([], [])
    for row in steps:
        placed.setdefault((wave_of.get(row.name, 0), row.target), ([], []))[0].append(row)
    for row in findings:
        placed.setdefault((last.get(row.target, 0), row.target), ([], []))[1].append(row)
    titles = {number: wave.title for number, wave in enumerate(record.plan.waves, start=1)}
    return tuple(
        WaveView(
            number=number,
            title=translate(WAVE_WORDS.get(titles.get(number, ""), ""), language),
            targets=tuple(
                _target(record, name, *rows) for (at, name), rows in placed.items() if at == number
            ),
        )
        for number in (*titles, 0)
        if any(at == number for at, _ in placed)
    )


def _target(record: RunRecord, name: str, steps: list[Row], findings: list[Row]) -> TargetView:
    target = record.plan.targets.get(name)
    grades = {row.grade for row in (*steps, *findings)}
    counts: dict[str, int] = {}
    for row in (*steps, *findings):
        counts[row.word] = counts.get(row.word, 0) + 1
    return TargetView(
        name=name,
        platform=target.platform if target else "",
        site=target.site if target else "",
        rack=target.rack if target else "",
        grade=WRONG if WRONG in grades else UNSURE if UNSURE in grades else FINE,
        steps=tuple(steps),
        findings=tuple(sorted(findings, key=lambda row: GRADES.index(row.grade))),
        counts=tuple(counts.items()),
    )


def _evidence(record: RunRecord, rows: list[Row]) -> tuple[tuple[str, str], ...]:
    """Every digest once, in its order."""
    found = {(digest, row.target) for row in rows for digest in row.evidence}
    for target, topics in record.readings.items():
        for reading in topics.values():
            found |= {(digest, target) for digest in reading.get("evidence", ())}
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))
