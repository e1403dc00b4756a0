"""How the newest upgrade of an element ended, and what its gates said, by the journal's record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What a gate said of one subject that did not simply pass: fail, unknown, waived."""

    gate: str
    subject: str
    status: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRecord:
    """`status` is the step's: changed (it stayed), failed (it was taken back), error (neither)."""

    run: str
    ended_at: str
    status: str
    release: str  # that it was brought to
    passed: int  # subjects that are as before, or better
    others: tuple[GateResult, ...] = ()


FACT = UpgradeRecord
