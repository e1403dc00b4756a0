"""The audit catalogue: standards' clauses, rows, and the checks that answer them, joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from dcctl import checks, standards
from dcctl.model import plain
from dcctl.standards import Row, Standard


@cache
def catalogue() -> tuple[Row, ...]:
    """Every row, held against the checks there are.

    Raises:
        InvalidContribution: a row that names something that does not exist; names file and row.
    """
    known = {check.id: check.parameters for check in checks.all_checks().values()}
    return standards.catalogue(known)


def digest(rows: Sequence[Row], applying: Mapping[str, Standard]) -> str:
    """SHA-256 of rows and standards; that of the catalogue itself is worked out once."""
    if rows is catalogue():
        return _digest(tuple(applying))
    return plain.digest([rows, list(applying.values())])


@cache
def _digest(names: tuple[str, ...]) -> str:
    known = standards.all_standards()
    return plain.digest([catalogue(), [known[name] for name in names]])
