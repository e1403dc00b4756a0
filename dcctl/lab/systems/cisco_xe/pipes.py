"""Filters of output: `| include PATTERN` and the like."""

from __future__ import annotations

import re

from dcctl.lab.elements.filters import Filter, begin, exclude, include, section

_PIPES: dict[str, Filter] = {
    "include": include,
    "exclude": exclude,
    "begin": begin,
    "section": section,
    "count": lambda rows, pattern: [
        f"Number of lines which match regexp = {sum(bool(pattern.search(row)) for row in rows)}"
    ],
}


def piped(text: str, pipe: str) -> str:
    """Output through `| include|exclude|begin|section|count PATTERN`."""
    if not pipe:
        return text
    word, _, pattern = pipe.partition(" ")
    pattern = pattern.strip().removeprefix("include ") if word.startswith("s") else pattern.strip()
    kinds = [kind for kind in _PIPES if kind.startswith(word)]
    if len(kinds) != 1 or not pattern:
        return (
            "% Invalid input detected at '^' marker.\n\n"
            if not kinds
            else "% Incomplete command.\n\n"
        )
    try:
        found = re.compile(pattern.strip('"'))
    except re.error:
        return "% Failed to compile regular expression.\n\n"
    rows = _PIPES[kinds[0]](text.splitlines(), found)
    return "".join(f"{row}\n" for row in rows)
