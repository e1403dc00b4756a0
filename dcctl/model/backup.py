"""A device's configuration as it was kept: sealed whole, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass

BEFORE_CHANGE = "before a change"  # an occasion: what it was until a guarded change


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One kept configuration.

    `sealed` is the digest of the encrypted text in the journal. `fingerprint` is a keyed digest of
    the configuration without the lines that change by themselves: equal ones mean that nothing
    changed in between.
    """

    target: str
    platform: str
    run: str
    taken_at: str  # ISO 8601 UTC
    sealed: str
    fingerprint: str
    lines: int
    proof: str  # how it is known to be whole: end_marker+second_read | second_read
    occasion: str = "backup"  # "backup", BEFORE_CHANGE ...
