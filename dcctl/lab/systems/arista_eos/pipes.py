"""Filters of output: `| include PATTERN` and the like."""

from __future__ import annotations

import re
from collections.abc import Callable


def piped(text: str, pipe: str) -> str:
    """Output through one filter."""
    word, _, pattern = pipe.partition(" ")
    rows = text.splitlines()
    if "no-more".startswith(word) and len(word) > 1:
        return text
    if word == "nz":
        return text
    try:
        found = re.compile(pattern.strip().strip('"'), re.IGNORECASE)
    except re.error:
        return "% Invalid regular expression\n"
    fits = [kind for kind in _PIPES if kind.startswith(word)]
    if len(fits) != 1:
        return "% Invalid input\n"
    return "".join(f"{row}\n" for row in _PIPES[fits[0]](rows, found))


def _begin(rows: list[str], pattern: re.Pattern[str]) -> list[str]:
    at = next((number for number, row in enumerate(rows) if pattern.search(row)), len(rows))
    return rows[at:]


def _section(rows: list[str], pattern: re.Pattern[str]) -> list[str]:
    """Every section with a line that fits, whole."""
    blocks: list[list[str]] = []
    for row in rows:
        if not blocks or not row.startswith(" "):
            blocks.append([])
        blocks[-1].append(row)
    return [row for block in blocks if any(map(pattern.search, block)) for row in block]


_PIPES: dict[str, Callable[[list[str], re.Pattern[str]], list[str]]] = {
    "include": lambda rows, pattern: [row for row in rows if pattern.search(row)],
    "exclude": lambda rows, pattern: [row for row in rows if not pattern.search(row)],
    "grep": lambda rows, pattern: [row for row in rows if pattern.search(row)],
    "begin": _begin,
    "section": _section,
}
