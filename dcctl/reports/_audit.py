"""What an audit says beside its rows: by whose law, how much, and clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

from dcctl.model.assessment import score
from dcctl.model.record import RunRecord
from dcctl.reports._rows import clean
from dcctl.reports._words import FINDING_GRADES, WORDS
from dcctl.text import N_, Text, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """One clause over all targets."""

    standard: str
    id: str
    title: str
    certainty: str
    word: str
    grade: str
    status: str
    counts: str  # `3 pass, 1 fail`
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An assessment, ready to be laid out."""

    law: str
    scores: tuple[tuple[str, str], ...]  # formula, fraction and share
    standards: tuple[tuple[str, tuple[ClauseLine, ...]], ...]
    command: str  # that makes it again


_CERTAINTIES = {
    "read": N_("read in the document"),
    "secondary": N_("from a secondary source"),
    "to be verified": N_("to be verified"),
}


def audit(record: RunRecord, language: str) -> Audit | None:
    """The assessment of `record`, if it has one."""
    found = record.assessment
    if found is None:
        return None
    told = score(found.counts())
    levels = ", ".join(str(level) for level in sorted(set(found.levels.values()))) or "-"
    law = Text(N_("By the law of {day}, level {levels}"), {"day": found.as_of, "levels": levels})
    lines: dict[str, list[ClauseLine]] = {name: [] for name in found.standards}
    levelled = {one.clause.standard for one in found.clauses if one.clause.level}
    for one in found.clauses:
        counts = ", ".join(
            f"{one.counts[status.value]} {translate(words, language)}"
            for status, words in WORDS.items()
            if status in FINDING_GRADES and one.counts.get(status.value)
        )
        lines.setdefault(one.clause.standard, []).append(
            ClauseLine(
                standard=one.clause.standard,
                id=one.clause.id,
                title=clean(one.clause.title.get(language) or one.clause.title.get("en", "")),
                certainty=translate(
                    _CERTAINTIES.get(one.clause.certainty, one.clause.certainty), language
                ),
                word=translate(WORDS[one.status], language),
                grade=FINDING_GRADES[one.status],
                status=one.status.value,
                counts=counts,
                rows=one.requirements,
            )
        )

    def rank(line: tuple[str, list[ClauseLine]]) -> tuple[bool, str, str]:
        """What has the law's levels first, the newest of it before the others."""
        name = line[0]
        return name not in levelled, _older(name), name

    formulas = (
        (N_("passed / (passed + partial + failed)"), told.of_answered, told.answered),
        (N_("passed / (these + waived + not evaluated)"), told.of_applying, told.applying),
    )
    return Audit(
        law=law.in_language(language),
        scores=tuple(
            (translate(words, language), _share(told.passed, below, share))
            for words, share, below in formulas
        ),
        standards=tuple(
            (name, tuple(clauses)) for name, clauses in sorted(lines.items(), key=rank) if clauses
        ),
        command=f"dcctl audit evaluate {record.run.id} --as-of {found.as_of}",
    )


def _older(name: str) -> str:
    """Sorts the year at a standard's end downwards."""
    return "".join(str(9 - int(digit)) for digit in name[-4:] if digit.isdecimal())


def _share(passed: int, below: int, share: float | None) -> str:
    return f"{passed} / {below}" if share is None else f"{passed} / {below} = {share * 100:.1f} %"
