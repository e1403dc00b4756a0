"""The audit catalogue: standards' clauses, rows, and the checks that answer them, joined."""

from __future__ import annotations

from functools import cache

from dcctl import checks, standards
from dcctl.standards import Row


@cache
def catalogue() -> tuple[Row, ...]:
    """Every row, held against the checks there are.

    Raises:
        InvalidContribution: a row that names something that does not exist; names file and row.
    """
    known = {check.id: check.parameters for check in checks.all_checks().values()}
    return standards.catalogue(known)
