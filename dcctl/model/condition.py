"""What a read value means, whoever compares it: a good state, a real number, powers of ten."""

from __future__ import annotations

import math
from typing import Any

GOOD = frozenset(
    ("up", "full", "2way", "established", "operational", "locked", "phase_locked", "ok", "active")
)


def is_good(state: Any) -> bool:
    """Whether a state says that it works; of `full/dr` the first part counts."""
    return state is True or str(state).lower().split("/")[0] in GOOD


def is_number(value: Any) -> bool:
    """Whether `value` can be compared: NaN, an infinity and a truth value can't."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def decades(before: float, after: float) -> float:
    """By how many powers of ten a positive ratio grew; from 1e-9 to 1e-5 are four."""
    return round(math.log10(after) - math.log10(before), 2)
