r"""Patterns that mostly find nothing: a glance at a text tells that most of them can't.

A regular expression tries every place of a text, and `^\s*% Invalid` every line of a hundred
thousand. But each match of it holds a `%` and the word `Invalid`: to look for those first costs
next to nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]  # how it names what it parsed
from re import _parser as parser  # type: ignore[attr-defined]  # Python's own view of a pattern
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REPEATS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT})


@dataclass(frozen=True, slots=True)
class Sieve:
    """A pattern, and what each match of it holds: one word of every set, the smallest set first."""

    pattern: re.Pattern[str]
    needs: tuple[tuple[str, ...], ...]
    folded: bool  # case is ignored, and the words are in small letters

    def search(self, text: str) -> re.Match[str] | None:
        """What `pattern.search` gives."""
        return self.pattern.search(text) if self.may_match(text) else None

    def may_match(self, text: str) -> bool:
        """Whether `text` could hold a match."""
        if self.folded:
            if not text.isascii():
                return True  # letters beyond ASCII can stand for others where case is ignored
            text = _lowered(text)
        for words in self.needs:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True


@lru_cache(maxsize=4)  # one answer is looked at with every pattern of its platform
def _lowered(text: str) -> str:
    return text.lower()


def first_match(sieves: Iterable[Sieve], text: str) -> re.Match[str] | None:
    """The first match of the first pattern that has one."""
    return next((found for one in sieves if (found := one.search(text))), None)


@lru_cache(maxsize=256)
def sieves(patterns: tuple[str, ...], flags: int = re.MULTILINE) -> tuple[Sieve, ...]:
    """Each of `patterns`, with what its matches hold."""
    return tuple(sieve(pattern, flags) for pattern in patterns)


def sieve(pattern: str, flags: int = re.MULTILINE) -> Sieve:
    """`pattern`, with what its matches hold."""
    compiled = re.compile(pattern, flags)
    folded = bool(compiled.flags & re.IGNORECASE)
    found = _needs(parser.parse(pattern, flags))
    if folded:
        found = ({word.lower() for word in words} for words in found if "".join(words).isascii())
    needs = sorted({_shortest(words) for words in found}, key=lambda words: (len(words), words))
    return Sieve(compiled, tuple(needs), folded)


def _shortest(words: set[str]) -> tuple[str, ...]:
    """Without those that hold another one."""
    return tuple(sorted(w for w in words if not any(o != w and o in w for o in words)))


def _needs(parsed: Any) -> Iterator[set[str]]:
    """Sets of words; every match holds one word of each."""
    run = ""
    for operation, what in parsed:
        if operation is codes.LITERAL:
            run += chr(what)
            continue
        if run:
            yield {run}
            run = ""
        if operation is codes.BRANCH:
            each = [_best(branch) for branch in what[1]]
            if all(each):
                yield set().union(*each)
        elif operation is codes.SUBPATTERN and not (what[1] | what[2]) & re.IGNORECASE:
            yield from _needs(what[3])
        elif operation in _REPEATS and what[0] > 0:
            yield from _needs(what[2])
        elif operation is codes.ATOMIC_GROUP:
            yield from _needs(what)
    if run:
        yield {run}


def _best(parsed: Any) -> set[str]:
    """The set that says most; empty where there is none."""
    return max(_needs(parsed), key=lambda words: min(map(len, words)), default=set())
