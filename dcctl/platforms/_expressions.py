r"""Regular expressions of others, made safe: no text makes them take exponential time.

`(\S+\s*)+` tries every way to cut a word into pieces before it gives up, so one odd line of 40
characters never comes to its end. A repetition in a group that can be one character, repeated
itself, is made possessive here: it keeps what it took. Such a rule may match less than before, and
then its line is reported as not understood; it never matches something else.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATOM = r"(?:\\[\w.\-]|\[\^?\]?(?:\\.|[^\]\\])*\]|[\w\-:,;/=])"
_REPEATED = re.compile(rf"(?P<escaped>\\\\)|(?P<atom>{_ATOM})(?P<times>[+*])(?![?+])")
_AGAIN = re.compile(r"[+*]|\{\d+,\}")


def safe(pattern: str) -> str:
    """`pattern`, its ambiguous repetitions possessive."""
    places = {
        match.end()
        for start, end in _groups(pattern)
        if _AGAIN.match(pattern, end) and _can_be_one_character(pattern[start - 1 : end])
        for match in _REPEATED.finditer(pattern, start, end)
        if match["atom"]
    }
    for place in sorted(places, reverse=True):
        pattern = f"{pattern[:place]}+{pattern[place:]}"
    return pattern


def _can_be_one_character(group: str) -> bool:
    whole = re.compile(group)
    return any(whole.fullmatch(character) for character in string.printable)


def _groups(pattern: str) -> Iterator[tuple[int, int]]:
    """(after the opening parenthesis, after the closing one) of every group."""
    opened: list[int] = []
    position, in_class = 0, False
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
            position += 2 if pattern.startswith("[^]", position) else 0
            position += 1 if pattern.startswith("[]", position) else 0
        elif character == "(":
            opened.append(position + 1)
        elif character == ")" and opened:
            yield opened.pop(), position + 1
        position += 1
