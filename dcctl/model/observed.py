"""What an audit says of its own reading: did it change anything, and was all of it understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Steadiness(StrEnum):
    """A target's configuration after it was read, beside what it was before."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"  # not looked at, or only once


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The reading of one target.

    An answer is understood whole or not at all: each line of one that no parser made anything of
    counts as unread, each line once however many topics use it.
    """

    target: str
    configuration: Steadiness
    differing: tuple[str, ...] = ()  # lines with + or -, or files; the first of them
    why: str = ""  # it is not known
    lines: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The reading of all targets together."""

    same: int
    changed: tuple[str, ...]
    unknown: tuple[str, ...]
    lines: int
    unread: int
    worst: str  # the target of which the largest share was not understood; empty: none
    worst_lines: int = 0
    worst_unread: int = 0


def together(observed: Iterable[Observed]) -> Reading:
    """The sums, and who stands out."""
    every = tuple(observed)
    counts = Counter(one.configuration for one in every)
    worst = max(
        (one for one in every if one.unread),
        key=lambda one: (one.unread / one.lines, one.target),
        default=None,
    )

    def names(kind: Steadiness) -> tuple[str, ...]:
        return tuple(one.target for one in every if one.configuration is kind)

    return Reading(
        same=counts[Steadiness.SAME],
        changed=names(Steadiness.CHANGED),
        unknown=names(Steadiness.UNKNOWN),
        lines=sum(one.lines for one in every),
        unread=sum(one.unread for one in every),
        worst=worst.target if worst else "",
        worst_lines=worst.lines if worst else 0,
        worst_unread=worst.unread if worst else 0,
    )
