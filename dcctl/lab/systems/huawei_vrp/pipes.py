"""Output of `display` through `| include|exclude|begin|count|no-more`."""

from __future__ import annotations

import re

_WORDS = ("begin", "count", "exclude", "include", "no-more", "refresh")
_PATIENCE = (
    "Info: It will take a long time if the content you search is too much or the string you "
    "input is too long, you can press CTRL_C to break.\n"
)


def split(line: str) -> tuple[str, str]:
    """(command, what follows the first bar)."""
    command, _, pipe = line.partition("|")
    return command.rstrip(), pipe.strip()


def piped(text: str, pipe: str, *, immediate: bool) -> str | None:
    """The text filtered; None where VRP knows no such filter."""
    if not pipe:
        return text
    word, _, pattern = pipe.partition(" ")
    fits = [one for one in _WORDS if one.startswith(word)]
    pattern = pattern.strip().strip('"')
    if len(fits) != 1 or (not pattern and fits[0] in ("begin", "exclude", "include")):
        return None
    if fits[0] in ("no-more", "refresh"):
        return text
    try:
        found = re.compile(pattern)
    except re.error:
        return None
    rows = text.splitlines()
    kept = [row for row in rows if bool(found.search(row)) is (fits[0] != "exclude")]
    if fits[0] == "count":
        return f"Total lines: {len(kept) if pattern else len(rows)}.\n"
    if fits[0] == "begin":
        first = next((i for i, row in enumerate(rows) if found.search(row)), len(rows))
        kept = rows[first:]
    return ("" if immediate else _PATIENCE) + "".join(f"{row}\n" for row in kept)
