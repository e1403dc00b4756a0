"""Filters of output: `| include PATTERN` and the like; one may follow another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dcctl.lab.elements.filters import Filter, begin, exclude, include


def piped(text: str, pipes: list[str]) -> str:
    """Output through `| include|exclude|begin|utility …`."""
    for pipe in pipes:
        word, _, pattern = pipe.partition(" ")
        kinds = [kind for kind in _PIPES if kind.startswith(word)]
        if len(kinds) != 1:
            return f"{' ' * 24}^\n% Invalid input detected at '^' marker.\n"
        try:
            wanted = re.compile(pattern.strip().strip('"'))
            rows = _PIPES[kinds[0]](text.splitlines(), wanted)
        except re.error:
            return "% Invalid regular expression\n"
        text = "".join(f"{row}\n" for row in rows)
    return text


def _utility(rows: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    name, _, rest = pattern.pattern.partition(" ")
    if name in ("egrep", "fgrep"):
        return [row for row in rows if re.search(rest.strip(' "'), row)]
    if name == "wc":
        return [f"{len(rows):>8}"]
    if name in ("head", "tail"):
        count = int(rest.split()[-1]) if rest.split()[-1:] and rest.split()[-1].isdecimal() else 10
        return list(rows[:count] if name == "head" else rows[-count:])
    return ["% Invalid input detected at '^' marker."]


_PIPES: dict[str, Filter] = {
    "include": include,
    "exclude": exclude,
    "begin": begin,
    "utility": _utility,
}
