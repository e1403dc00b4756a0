"""What an audit says beside its rows: by whose law, how much, and clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dcctl.model.assessment import Assessment, ClauseResult, Score, score
from dcctl.model.record import RunRecord
from dcctl.reports._declared import DeclaredLine, declarations
from dcctl.reports._measures import measures
from dcctl.reports._rows import clean
from dcctl.reports._words import FINDING_GRADES, WORDS, certainty_word
from dcctl.text import N_, Text, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """One clause over all targets."""

    standard: str
    id: str
    title: str
    note: str  # its level, and how certain its words are
    word: str
    grade: str
    status: str
    numbers: Mapping[str, int]  # status -> results
    counts: str  # `3 pass, 1 fail`
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An assessment, ready to be laid out."""

    law: str
    scores: tuple[tuple[str, str], ...]  # formula, fraction and share
    standards: tuple[tuple[str, tuple[ClauseLine, ...]], ...]
    declared: tuple[DeclaredLine, ...]
    command: str  # that makes it again


def audit(record: RunRecord, language: str) -> Audit | None:
    """The assessment of `record`, if it has one."""
    found = record.assessment
    if found is None:
        return None
    levels = ", ".join(str(level) for level in sorted(set(found.levels.values()))) or "-"
    law = Text(N_("By the law of {day}, level {levels}"), {"day": found.as_of, "levels": levels})
    return Audit(
        law=law.in_language(language),
        scores=(
            *shares(score(found.counts()), language),
            *(
                (clean(words.in_language(language)), clean(number.in_language(language)))
                for words, number in measures(found)
            ),
        ),
        standards=tuple(_standards(found, language)),
        declared=declarations(record, language),
        command=" ".join(filter(None, _command(record, found))),
    )


def _command(record: RunRecord, found: Assessment) -> tuple[str, ...]:
    lab = "--lab" if record.plan.lab else ""
    return "dcctl audit evaluate", record.run.id, f"--as-of {found.as_of}", found.options, lab


def _standards(found: Assessment, language: str) -> Iterator[tuple[str, tuple[ClauseLine, ...]]]:
    """Standards with the law's levels before the others; what asks for most before the rest."""
    lines: dict[str, list[ClauseLine]] = {}
    for one in found.clauses:
        lines.setdefault(one.clause.standard, []).append(_line(one, language))
    levelled = {one.clause.standard for one in found.clauses if one.clause.level}
    for name in sorted(lines, key=lambda name: (name not in levelled, -len(lines[name]), name)):
        yield name, tuple(lines[name])


def _line(one: ClauseResult, language: str) -> ClauseLine:
    counts = ", ".join(
        f"{one.counts[status.value]} {translate(words, language)}"
        for status, words in WORDS.items()
        if status in FINDING_GRADES and one.counts.get(status.value)
    )
    level = Text(N_("level {level}"), {"level": one.clause.level}).in_language(language)
    certainty = certainty_word(one.clause.certainty, language)
    return ClauseLine(
        standard=one.clause.standard,
        id=one.clause.id,
        title=clean(one.clause.title.get(language) or one.clause.title.get("en", "")),
        note=f"{level} · {certainty}" if one.clause.level else certainty,
        word=translate(WORDS[one.status], language),
        grade=FINDING_GRADES[one.status],
        status=one.status.value,
        numbers=one.counts,
        counts=counts,
        rows=one.requirements,
    )


def shares(told: Score, language: str) -> tuple[tuple[str, str], ...]:
    """Each share with its formula, its numerator and its denominator."""
    formulas = (
        (
            N_("passed / (passed + partial + failed)"),
            (told.passed, told.answered, told.of_answered),
        ),
        (
            N_("passed / (these + waived + not evaluated)"),
            (told.passed, told.applying, told.of_applying),
        ),
        (
            N_("waived / (waived + partial + failed)"),
            (told.waived, told.unmet, told.of_unmet),
        ),
    )
    return tuple(
        (translate(words, language), _share(*numbers, language)) for words, numbers in formulas
    )


def _share(above: int, below: int, share: float | None, language: str) -> str:
    if share is None:
        return f"{above} / {below}"
    percent = f"{share * 100:.1f} %"
    return f"{above} / {below} = {percent.replace('.', ',') if language == 'vi' else percent}"
