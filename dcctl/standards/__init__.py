"""Standards and the catalogue of rows, as data in two languages, with dates.

`texts/` holds one standard a file: clauses by level, in our own words (the standards are
copyrighted), each with how certain we are of it. `rows/` holds one family of rows a file: which
clauses ask for a row, and which checks answer it. Both mappings stand there and nowhere else; the
crosswalk from one standard to another follows from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dcctl.standards._model import (
    CERTAINTIES,
    LEVELS,
    Attested,
    Both,
    Clause,
    Concluded,
    Force,
    Kind,
    Live,
    NotEvaluated,
    Row,
    Standard,
)
from dcctl.standards._rows import read_roles, read_rows
from dcctl.standards._texts import read_standards

__all__ = [
    "CERTAINTIES",
    "LEVELS",
    "Attested",
    "Clause",
    "Concluded",
    "Force",
    "Kind",
    "Live",
    "NotEvaluated",
    "Row",
    "Standard",
    "all_standards",
    "applying",
    "catalogue",
    "clauses_of",
    "count",
    "crosswalk",
    "roles",
]

_HERE = Path(__file__).parent


@cache
def all_standards() -> dict[str, Standard]:
    """Every standard by its id.

    Raises:
        InvalidContribution: a file that lacks something, or says it in one language only.
    """
    return read_standards(_HERE / "texts")


@cache
def roles() -> dict[str, Both]:
    """Who may attest a row, by the role's id."""
    return read_roles(_HERE / "roles.yml")


def catalogue(known: Mapping[str, Mapping[str, Any]]) -> tuple[Row, ...]:
    """Every row, in the order of the ids; `known` are the checks there are, with their parameters.

    Raises:
        InvalidContribution: a row that names something that does not exist; names file and row.
    """
    return read_rows(_HERE / "rows", all_standards(), roles(), known)


def applying(day: date) -> dict[str, Standard]:
    """The standards that applied on a day: in force, or replaced and still in transition."""
    applies = (Force.IN_FORCE, Force.TRANSITION)
    return {name: found for name, found in all_standards().items() if found.force(day) in applies}


def clauses_of(check_id: str, rows: Iterable[Row], *, on: date) -> tuple[Clause, ...]:
    """The clauses applying on a day that a check helps to answer, each once."""
    standards = applying(on)
    found = {
        (clause.standard, clause.level or 0, clause.id): clause
        for row in rows
        if isinstance(row.answer, Live) and check_id in row.answer.checks
        for level in LEVELS
        for clause in row.cited(level, standards)
    }
    return tuple(found[key] for key in sorted(found))


def crosswalk(
    clause: Clause, level: int, rows: Iterable[Row]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """What other standards say where this clause says something.

    Standard -> clause -> the rows that cite both, at a level: the reason why they are put together.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in rows:
        if clause not in row.clauses.get(clause.standard, {}).get(level, ()):
            continue
        for standard, levels in row.clauses.items():
            for other in levels.get(level, ()) if standard != clause.standard else ():
                near = found.setdefault(standard, {})
                near[other.id] = (*near.get(other.id, ()), row.id)
    return found


def count(rows: Iterable[Row]) -> dict[Kind, int]:
    """How many rows are answered in which way; every kind is named."""
    counted = Counter(row.kind for row in rows)
    return {kind: counted[kind] for kind in Kind}
