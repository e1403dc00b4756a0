"""Filters of output: `| include PATTERN` and the like.

`| json` is no filter: see `operate`.
"""

from __future__ import annotations

import re

from dcctl.lab.elements.filters import Filter, begin, exclude, include, section


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


_PIPES: dict[str, Filter] = {
    "include": include,
    "exclude": exclude,
    "grep": include,
    "egrep": include,
    "begin": begin,
    "section": section,
    "last": lambda rows, pattern: list(
        rows[-int(pattern.pattern) :] if pattern.pattern.isdecimal() else rows
    ),
}
