"""Which clauses stand behind a row, and how each clause comes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from dcctl import standards
from dcctl.model.assessment import (
    Answered,
    ClauseRef,
    ClauseResult,
    Requirement,
    Result,
    together,
)
from dcctl.standards import Live

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dcctl.standards import Clause, Row, Standard


def requirement(row: Row, applying: Mapping[str, Standard], levels: Iterable[int]) -> Requirement:
    """A row as an assessment shows it, with the clauses that it answers at any of `levels`."""
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


def clauses(
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
