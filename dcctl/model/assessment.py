"""What an audit says: requirements of a catalogue against targets, clauses against requirements.

All of it is data of one evaluation: a report needs neither the catalogue nor the standards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from dcctl.model.declaration import Attestation, Declarations, Waiver
from dcctl.model.observed import Observed
from dcctl.model.outcome import Finding
from dcctl.model.sampling import Bound, Sample
from dcctl.model.status import FindingStatus, Severity, worst_finding
from dcctl.text import Text

_ANSWERED = frozenset({FindingStatus.PASS, FindingStatus.PARTIAL, FindingStatus.FAIL})
_UNMET = frozenset({FindingStatus.PARTIAL, FindingStatus.FAIL, FindingStatus.WAIVED})
_APPLYING = _ANSWERED | {FindingStatus.NOT_EVALUATED, FindingStatus.WAIVED}


class Answered(StrEnum):
    """How a requirement is answered."""

    LIVE = "live"  # a collector reads it
    ATTESTED = "attested"  # a person of a named role signs for it, for so long
    NOT_EVALUATED = "not_evaluated"  # nobody can say; the reason is told


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRef:
    """A clause of a standard, as a report names it."""

    standard: str
    id: str
    level: int  # 0: the standard knows no levels
    title: Mapping[str, str]  # language -> text
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One row of the catalogue, with the clauses that were in force on the day of evaluation."""

    id: str  # DC-SRV-001
    priority: int
    answered: Answered
    title: Mapping[str, str]  # language -> text
    criterion: Mapping[str, str]  # when it passes
    clauses: tuple[ClauseRef, ...] = ()
    checks: tuple[str, ...] = ()  # of `live`: the ids of the checks that answer it
    unanswered: Mapping[str, str] = field(default_factory=dict)  # of `not_evaluated`: why


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One requirement on one target; `target` is empty where the whole estate is meant."""

    requirement: str
    target: str
    status: FindingStatus
    severity: Severity = Severity.MEDIUM
    reason: str = ""  # of NotEvaluated, why it does not apply, or the waivers' names
    message: Text = field(default_factory=lambda: Text(""))
    findings: tuple[Finding, ...] = ()  # of its checks, with what this requirement asks of them
    evidence: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()  # whose failure they cover, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseResult:
    """One clause over every target: how many results of each status bear on it."""

    clause: ClauseRef
    status: FindingStatus
    counts: Mapping[str, int]  # status -> results
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One evaluation of one collection of evidence; the same input gives the same bytes."""

    run: str  # the run that collected the evidence
    as_of: str  # ISO date: which standards were in force
    levels: Mapping[str, int]  # target -> level
    standards: tuple[str, ...]
    catalogue: str  # digest of catalogue and standards
    dcctl: str  # version
    requirements: tuple[Requirement, ...]
    results: tuple[Result, ...]
    clauses: tuple[ClauseResult, ...]
    waivers: tuple[Waiver, ...] = ()  # all of them, those that count for nothing too
    attestations: tuple[Attestation, ...] = ()
    declarations: Declarations = field(default_factory=Declarations)  # what they were made of
    observed: tuple[Observed, ...] = ()  # how each target was read
    sample: Sample | None = None  # where not all targets were read
    bounds: tuple[Bound, ...] = ()  # what that says of all; the first is over every row
    options: str = ""  # that were asked for beside the run and the day, as they are typed

    def counts(self) -> Counter[str]:
        """How many results of each status."""
        return Counter(result.status.value for result in self.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares side by side, with their denominators: none hides what was not looked at.

    `of_answered` is passed / (passed + partial + failed); `of_applying` counts what was waived or
    could not be evaluated in its denominator too; `of_unmet` is waived / (waived + partial +
    failed). None: nothing to divide by.
    """

    passed: int
    answered: int
    applying: int
    waived: int
    unmet: int

    @property
    def of_answered(self) -> float | None:
        """Between 0 and 1."""
        return self.passed / self.answered if self.answered else None

    @property
    def of_applying(self) -> float | None:
        """Between 0 and 1."""
        return self.passed / self.applying if self.applying else None

    @property
    def of_unmet(self) -> float | None:
        """Between 0 and 1."""
        return self.waived / self.unmet if self.unmet else None


def score(counts: Mapping[str, int]) -> Score:
    """The score of so many results of each status."""

    def together(statuses: Iterable[FindingStatus]) -> int:
        return sum(counts.get(status.value, 0) for status in statuses)

    return Score(
        passed=counts.get(FindingStatus.PASS.value, 0),
        answered=together(_ANSWERED),
        applying=together(_APPLYING),
        waived=counts.get(FindingStatus.WAIVED.value, 0),
        unmet=together(_UNMET),
    )


def together(statuses: Iterable[FindingStatus]) -> FindingStatus:
    """One status for several that bear on one thing.

    Some that fail beside some that pass are `partial`; else the worst counts.
    """
    found = set(statuses)
    worst = worst_finding(found)
    if worst is FindingStatus.FAIL and FindingStatus.PASS in found:
        return FindingStatus.PARTIAL
    return worst


class Cause(StrEnum):
    """Why a result differs from an earlier one."""

    CHECK = "check"  # the same evidence and law, judged by another version of dcctl
    WAIVER = "waiver"  # the same evidence and law; a waiver or an attestation came, went or lapsed
    STANDARD = "standard"  # the same evidence, judged by another law, level or choice of rows
    SYSTEM = "system"  # other evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One requirement on one target that is no longer what it was; None: it was not asked."""

    requirement: str
    target: str
    before: FindingStatus | None
    after: FindingStatus | None
    causes: Mapping[str, str]  # Cause -> the status that it led to, "" where it is not asked

    @property
    def worse(self) -> bool:
        """Whether what was answered well, or not asked, is answered worse now."""
        bad = (FindingStatus.PARTIAL, FindingStatus.FAIL, FindingStatus.NOT_EVALUATED)
        if self.after not in bad:
            return False
        return self.before is None or worst_finding((self.before, self.after)) is self.after


def changes(stages: Sequence[tuple[Cause | None, Assessment]]) -> tuple[Change, ...]:
    """What differs from the first assessment to the last, and which stage made it so.

    Each stage changes one thing alone, which its cause names; the first has none. A result that
    a stage changed and a later one changed back is told too: both causes stand in it.
    """
    told = [(cause, _statuses(found)) for cause, found in stages]
    found = []
    for key in sorted({key for _, statuses in told for key in statuses}):
        causes: dict[str, str] = {}
        for (_, old), (cause, new) in pairwise(told):
            if cause is not None and old.get(key) is not new.get(key):
                status = new.get(key)
                causes[cause.value] = status.value if status is not None else ""
        if causes:
            before, after = told[0][1].get(key), told[-1][1].get(key)
            requirement, target = key
            found.append(
                Change(
                    requirement=requirement,
                    target=target,
                    before=before,
                    after=after,
                    causes=causes,
                )
            )
    return tuple(found)


def _statuses(found: Assessment) -> dict[tuple[str, str], FindingStatus]:
    return {(result.requirement, result.target): result.status for result in found.results}
