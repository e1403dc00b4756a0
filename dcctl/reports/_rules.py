"""What was asked and what came of it, for formats that speak of rules and results.

Of an audit the rules are the catalogue's rows; of any other run they are its checks.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dcctl.model.assessment import Assessment, ClauseRef, Requirement
from dcctl.model.assessment import Result as Answer
from dcctl.model.declaration import Waiver
from dcctl.model.outcome import Finding
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, Severity
from dcctl.reports._rows import clean, waived_by
from dcctl.reports._words import REASONS, WORDS
from dcctl.text import translate

NIST = "NIST SP 800-53r5"  # its clauses' ids are control numbers as other tools write them
_EPOCH = "1970-01-01T00:00:00+00:00"  # of a run that never began
_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
# Names made of names are the same in every rendering.
_NAMESPACE = uuid.UUID("6f7b3c1e-2d0a-5c44-9a55-0c1d2e3f4a5b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question, in the reader's language."""

    id: str
    title: str
    criterion: str
    remediation: str
    severity: Severity
    clauses: tuple[ClauseRef, ...] = ()

    @property
    def controls(self) -> tuple[str, ...]:
        """The NIST controls that it bears on."""
        return tuple(clause.id for clause in self.clauses if clause.standard == NIST)

    @property
    def cited(self) -> str:
        """Every clause, for people: `TCVN 14423:2026 6.12.2.3; ...`."""
        return self.cited_at(None)

    def cited_at(self, level: int | None) -> str:
        """Those that ask for it at one level."""
        mine = (one for one in self.clauses if level is None or one.level in (0, level))
        return "; ".join(dict.fromkeys(f"{one.standard} {one.id}" for one in mine))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One answer, in the reader's language; `target` is empty where the estate is meant."""

    rule: str
    target: str
    status: FindingStatus
    word: str
    severity: Severity
    reason: str
    message: str
    evidence: tuple[str, ...]
    waivers: tuple[Waiver, ...] = ()  # of a waived one, where an audit knows them

    @property
    def until(self) -> str:
        """The last day of the waiver that ends first; empty where none covers it."""
        return min((one.until for one in self.waivers), default="")

    @property
    def told(self) -> str:
        """Why it is so, in one line."""
        return ": ".join(dict.fromkeys(part for part in (self.reason, self.message) if part))


def rules(record: RunRecord, language: str) -> tuple[Rule, ...]:
    """Every rule that has a result, in the order of the ids."""
    found = record.assessment
    if found is None:
        return tuple(_checks(record, language))
    remedies = _remedies(found, language)
    grave = _gravest(found)
    return tuple(
        _row(one, language, remedies.get(one.id, ""), grave[one.id]) for one in found.requirements
    )


def results(record: RunRecord, language: str) -> tuple[Result, ...]:
    """Every result, in the record's order."""
    told: list[tuple[str, Finding | Answer]] = [(f.check, f) for f in record.findings]
    waivers: dict[str, Waiver] = {}
    if record.assessment is not None:
        told = [(answer.requirement, answer) for answer in record.assessment.results]
        waivers = {one.name: one for one in record.assessment.waivers}
    return tuple(
        Result(
            rule=rule,
            target=one.target,
            status=one.status,
            word=translate(WORDS[one.status], language),
            severity=one.severity,
            reason=_reason(one, waivers, language),
            message=clean(one.message.in_language(language)),
            evidence=one.evidence,
            waivers=_waivers(one, waivers),
        )
        for rule, one in told
    )


def _reason(one: Finding | Answer, waivers: Mapping[str, Waiver], language: str) -> str:
    if isinstance(one, Answer) and one.status is FindingStatus.WAIVED:
        return waived_by(one, waivers, language)
    return clean(translate(str(_words_of(one.reason)), language))


def _waivers(one: Finding | Answer, waivers: Mapping[str, Waiver]) -> tuple[Waiver, ...]:
    if not isinstance(one, Answer) or one.status is not FindingStatus.WAIVED:
        return ()
    return tuple(waivers[name] for name in one.waivers if name in waivers)


def cited(rule: Rule, target: str, record: RunRecord) -> str:
    """The clauses that ask a target for it: those of its own level; of the estate, all."""
    levels = record.assessment.levels if record.assessment is not None else {}
    return rule.cited_at(levels.get(target))


def by_target(found: tuple[Result, ...]) -> dict[str, list[Result]]:
    """The results of each target, the estate's own (an empty name) first."""
    placed: dict[str, list[Result]] = {}
    for result in sorted(found, key=lambda one: one.target):
        placed.setdefault(result.target, []).append(result)
    return placed


def began(record: RunRecord) -> str:
    """When the evidence was collected: ISO 8601 with its zone, whole seconds."""
    moment = datetime.fromisoformat(record.run.started_at or _EPOCH)
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def ended(record: RunRecord) -> str:
    """When that ended, likewise."""
    moment = datetime.fromisoformat(record.run.finished_at or record.run.started_at or _EPOCH)
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def name_of(record: RunRecord, *parts: str) -> str:
    """A UUID that is the same whenever the same record is rendered."""
    basis = [record.run.id, record.run.plan_hash, *_profile(record.assessment), *parts]
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(basis)))


def mark_of(*parts: str) -> str:
    """A fingerprint by which the same result of another run is known."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _profile(found: Assessment | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return (found.as_of, found.catalogue, *(f"{k}={v}" for k, v in sorted(found.levels.items())))


def _row(one: Requirement, language: str, remedy: str, severity: Severity) -> Rule:
    return Rule(
        id=one.id,
        title=clean(_own(one.title, language)),
        criterion=clean(_own(one.criterion, language)),
        remediation=remedy,
        severity=severity,
        clauses=one.clauses,
    )


def _checks(record: RunRecord, language: str) -> Iterator[Rule]:
    first: dict[str, Finding] = {}
    for finding in record.findings:
        first.setdefault(finding.check, finding)
    for check, finding in sorted(first.items()):
        title = clean(translate(finding.title, language)) or check
        yield Rule(
            id=check,
            title=title,
            criterion=title,
            remediation=clean(translate(finding.remediation, language)),
            severity=finding.severity,
        )


def _remedies(found: Assessment, language: str) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for result in found.results:
        for finding in result.findings:
            words = clean(translate(finding.remediation, language))
            if words and words not in told.setdefault(result.requirement, []):
                told[result.requirement].append(words)
    return {row: " ".join(words) for row, words in told.items()}


def _gravest(found: Assessment) -> dict[str, Severity]:
    graves = {one.id: Severity.LOW for one in found.requirements}
    for result in found.results:
        here = graves[result.requirement]
        graves[result.requirement] = min(here, result.severity, key=_SEVERITIES.index)
    return graves


def _own(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en", "")


def _words_of(reason: str) -> str:
    return next((words for key, words in REASONS.items() if key.value == reason), reason)
