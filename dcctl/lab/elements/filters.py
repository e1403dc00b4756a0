"""Filters of output that several systems' pipes have: rows and a pattern -> the rows that stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from re import Pattern

Filter = Callable[[Sequence[str], Pattern[str]], list[str]]


def include(rows: Sequence[str], pattern: Pattern[str]) -> list[str]:
    """The rows that fit."""
    return [row for row in rows if pattern.search(row)]


def exclude(rows: Sequence[str], pattern: Pattern[str]) -> list[str]:
    """The rows that do not fit."""
    return [row for row in rows if not pattern.search(row)]


def begin(rows: Sequence[str], pattern: Pattern[str]) -> list[str]:
    """From the first row that fits on."""
    at = next((number for number, row in enumerate(rows) if pattern.search(row)), len(rows))
    return list(rows[at:])


def section(rows: Sequence[str], pattern: Pattern[str]) -> list[str]:
    """Every row that fits, with what is indented below it."""
    kept: list[str] = []
    depth: int | None = None
    for row in rows:
        indent = len(row) - len(row.lstrip())
        if depth is not None and indent > depth:
            kept.append(row)
            continue
        depth = indent if pattern.search(row) else None
        if depth is not None:
            kept.append(row)
    return kept
