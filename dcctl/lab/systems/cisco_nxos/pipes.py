"""Filters of output: `| include PATTERN` and the like.

`| json` is no filter: see `operate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable


def piped(text: str, pipe: str) -> str:
    """Output through one filter."""
    word, _, pattern = pipe.partition(" ")
    if word in ("no-more", "no"):
        return text
    rows = text.splitlines()
    if word in ("count", "cou"):
        return f"{len(rows)}\n"
    ignore = pattern.startswith("ignore-case ")
    pattern = pattern.removeprefix("ignore-case ").strip().strip('"')
    fits = [kind for kind in _PIPES if kind.startswith(word)]
    if len(fits) != 1 or not pattern:
        return "% Invalid command\n" if not fits else "% Incomplete command\n"
    try:
        found = re.compile(pattern, re.IGNORECASE if ignore else 0)
    except re.error:
        return "% Invalid regular expression\n"
    return "".join(f"{row}\n" for row in _PIPES[fits[0]](rows, found))


def _begin(rows: list[str], pattern: re.Pattern[str]) -> list[str]:
    at = next((number for number, row in enumerate(rows) if pattern.search(row)), len(rows))
    return rows[at:]


def _section(rows: list[str], pattern: re.Pattern[str]) -> list[str]:
    """Every line that fits, with what stands below it."""
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


_PIPES: dict[str, Callable[[list[str], re.Pattern[str]], list[str]]] = {
    "include": lambda rows, pattern: [row for row in rows if pattern.search(row)],
    "exclude": lambda rows, pattern: [row for row in rows if not pattern.search(row)],
    "grep": lambda rows, pattern: [row for row in rows if pattern.search(row)],
    "egrep": lambda rows, pattern: [row for row in rows if pattern.search(row)],
    "begin": _begin,
    "section": _section,
    "last": lambda rows, pattern: (
        rows[-int(pattern.pattern) :] if pattern.pattern.isdecimal() else rows
    ),
}
