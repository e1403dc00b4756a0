"""Filters of output: `| include PATTERN` and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcctl.lab.elements.filters import Filter, begin, exclude, include


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


def _section(rows: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    """Every section with a line that fits, whole."""
    blocks: list[list[str]] = []
    for row in rows:
        if not blocks or not row.startswith(" "):
            blocks.append([])
        blocks[-1].append(row)
    return [row for block in blocks if any(map(pattern.search, block)) for row in block]


_PIPES: dict[str, Filter] = {
    "include": include,
    "exclude": exclude,
    "grep": include,
    "begin": begin,
    "section": _section,
}
