"""PDF, to be printed, signed and kept: statutory columns, denominators, digests, signatures.

What is alike on many targets stands once: a report of thousands is read by people.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dcctl.contracts import Report
from dcctl.model.assessment import score, together
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, Severity
from dcctl.reports._audit import Audit, audit, shares
from dcctl.reports._rules import Result, Rule, ended, name_of, results, rules
from dcctl.reports._templates import template
from dcctl.reports._typeset import typeset
from dcctl.reports._view import View, view
from dcctl.reports._words import FINDING_GRADES, FINE, SEVERITY_WORDS, UNSURE, WORDS, WRONG
from dcctl.text import N_, translate

_SHOWN = 24  # targets that are named where many are alike
# The columns of the forms, in their words; what fits none of them stands in the last.
_COLUMNS = {
    FindingStatus.PASS: N_("Pass"),
    FindingStatus.PARTIAL: N_("Partial"),
    FindingStatus.FAIL: N_("Fail"),
    FindingStatus.NOT_APPLICABLE: N_("Not applicable"),
    FindingStatus.NOT_EVALUATED: N_("Not evaluated"),
    FindingStatus.WAIVED: N_("Waived"),
}
_GRAVE = tuple(Severity)
_WORDS = {
    "title": N_("Compliance assessment report"),
    "run_title": N_("Report of a run"),
    "lab": N_("lab: not the real estate"),
    "estate": N_("Estate"),
    "run": N_("Run"),
    "operator": N_("Operator"),
    "collected": N_("Evidence collected"),
    "targets": N_("Targets"),
    "counts": N_("Counts"),
    "results": N_("Results"),
    "shares": N_("Shares, with their denominators"),
    "proof": N_("What it rests on"),
    "evidence": N_("Digest of the evidence"),
    "evidence_note": N_("SHA-256 over the sorted lines `DIGEST  TARGET` of all answers"),
    "catalogue": N_("Digest of catalogue and standards"),
    "plan": N_("Plan"),
    "checkpoint": N_("Signed checkpoint over it"),
    "no_checkpoint": N_("none yet: dcctl journal checkpoint"),
    "versions": N_("Versions"),
    "again": N_("Made again by"),
    "sign": N_("Signatures"),
    "auditor": N_("Auditor"),
    "owner": N_("Owner of the system"),
    "sign_here": N_("(name, date, signature)"),
    "clauses": N_("By clause"),
    "clause": N_("Clause"),
    "asks": N_("What it asks for"),
    "rules": N_("By requirement"),
    "rule": N_("rule"),
    "wrong": N_("What is wrong"),
    "unsure": N_("What could not be told"),
    "waived": N_("What was waived"),
    "declared": N_("Waivers and attestations"),
    "steps": N_("Steps that did not end well"),
    "what": N_("what was found"),
    "who": N_("Targets"),
    "fix": N_("What to do"),
    "legend": N_("× marks the answer; a number is how many results there are."),
    "page": N_("page"),
    "nothing": N_("Nothing."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One clause or requirement, with how many results of each status, and which one counts."""

    id: str
    title: str
    note: str
    cells: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is alike on some targets."""

    rule: Rule
    severity: Severity
    severity_word: str
    word: str
    told: str
    targets: tuple[str, ...]

    @property
    def who(self) -> str:
        """Their names, as far as they are few; empty where the whole estate is meant."""
        rest = len(self.targets) - _SHOWN
        return ", ".join(self.targets[:_SHOWN]) + (f" … (+{rest})" if rest > 0 else "")


def render(record: RunRecord, language: str) -> bytes:
    """A4; every date in the file is the run's own.

    Raises:
        MissingDependency: what sets it is not installed.
    """
    shown = view(record, language)
    told = results(record, language)
    asked = {rule.id: rule for rule in rules(record, language)}
    words = {name: translate(msgid, language) for name, msgid in _WORDS.items()}
    counts = Counter(one.status for one in told)
    judged = audit(record, language)
    page = template("paper.html.j2").render(
        record=record,
        run=record.run,
        view=shown,
        words=words,
        ended=ended(record),
        audit=judged,
        columns=[translate(msgid, language) for msgid in _COLUMNS.values()],
        counts=[(translate(msgid, language), counts[one]) for one, msgid in _COLUMNS.items()],
        total=len(told),
        shares=judged.scores
        if judged is not None
        else shares(score({k.value: n for k, n in counts.items()}), language),
        clauses=_clauses(judged),
        rules=list(_asked(told, asked)),
        groups={
            "wrong": _groups(told, asked, WRONG, language),
            "unsure": _groups(told, asked, UNSURE, language),
            "waived": _groups(told, asked, FINE, language),
        },
        steps=[row for row in (*shown.wrong, *shown.unsure) if row.kind == "step"],
        evidence=_digest(shown),
    )
    return typeset(page, name_of(record, "pdf", language))


def _clauses(found: Audit | None) -> list[tuple[str, list[Line]]]:
    if found is None:
        return []
    return [
        (
            standard,
            [
                Line(
                    id=one.id,
                    title=one.title,
                    note=one.note,
                    cells=_cells(one.numbers, one.status),
                )
                for one in clauses
            ],
        )
        for standard, clauses in found.standards
    ]


def _asked(told: Iterable[Result], asked: Mapping[str, Rule]) -> Iterator[Line]:
    """Each requirement over all its targets."""
    by_rule: dict[str, Counter[str]] = {name: Counter() for name in asked}
    for one in told:
        by_rule[one.rule][one.status.value] += 1
    for name, rule in asked.items():
        status = together(FindingStatus(value) for value in by_rule[name])
        yield Line(
            id=name, title=rule.title, note=_cited(rule), cells=_cells(by_rule[name], status.value)
        )


def _cited(rule: Rule) -> str:
    """Its clauses, each standard named once."""
    found: dict[str, list[str]] = {}
    for clause in rule.clauses:
        found.setdefault(clause.standard, []).append(clause.id)
    return "; ".join(f"{name}: {', '.join(dict.fromkeys(ids))}" for name, ids in found.items())


def _cells(counts: Mapping[str, int], status: str) -> tuple[tuple[int, bool], ...]:
    return tuple((counts.get(one.value, 0), one.value == status) for one in _COLUMNS)


def _groups(
    told: Iterable[Result], asked: Mapping[str, Rule], grade: str, language: str
) -> list[Group]:
    """What has this grade, the gravest first; of what is fine only what was waived."""
    alike: dict[tuple[str, FindingStatus, Severity, str], list[str]] = {}
    for one in told:
        fits = FINDING_GRADES[one.status] == grade
        if fits and (grade != FINE or one.status is FindingStatus.WAIVED):
            key = (one.rule, one.status, one.severity, one.told)
            alike.setdefault(key, []).append(one.target)
    found = [
        Group(
            rule=asked[rule],
            severity=severity,
            severity_word=translate(SEVERITY_WORDS[severity], language),
            word=translate(WORDS[status], language),
            told=words,
            targets=tuple(targets),
        )
        for (rule, status, severity, words), targets in alike.items()
    ]
    return sorted(found, key=lambda group: (_GRAVE.index(group.severity), group.rule.id))


def _digest(shown: View) -> str:
    lines = sorted(f"{digest}  {target}\n" for digest, target in shown.evidence)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


REPORT = Report(
    format="pdf",
    title=N_("PDF with the statutory columns, to be signed"),
    media_type="application/pdf",
    suffix=".pdf",
    render=render,
)
