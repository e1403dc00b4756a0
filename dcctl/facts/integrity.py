"""Watching over files: a tool, its database, and when it last compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """The tool that compares files with what they were; empty: none is installed."""

    tool: str = ""
    database: bool = False
    checked_age_s: int | None = None  # since it last wrote its report; None: never
    scheduled: bool | None = None


FACT = Integrity
