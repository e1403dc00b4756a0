"""Standards: their clauses as data, in two languages, with dates; only here mapped to checks.

A file `NAME.yml` beside this module is one standard. Gists are in our own words: the standards are
copyrighted. `certainty` says how sure the clause's number and content are, for an auditor to judge.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dcctl import clock
from dcctl.errors import InvalidContribution
from dcctl.text import LANGUAGES, N_

CERTAINTIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause at one level; `checks` are ids or patterns of ids that bear on it."""

    standard: str
    id: str
    level: int
    title: Mapping[str, str]  # language -> text
    gist: Mapping[str, str]
    certainty: str
    checks: tuple[str, ...]
    effective_from: date | None = None
    effective_to: date | None = None

    def covers(self, check_id: str) -> bool:
        """Whether the check bears on it."""
        return any(fnmatch.fnmatchcase(check_id, pattern) for pattern in self.checks)

    def in_force(self, day: date) -> bool:
        """Whether it applies on `day`."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard with its clauses. `status` says what is not verified of it."""

    id: str
    title: Mapping[str, str]
    source: str
    status: Mapping[str, str]
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = field(default=())


@cache
def all_standards() -> dict[str, Standard]:
    """Every standard by its id.

    Raises:
        InvalidContribution: a file that lacks something, or says it in one language only.
    """
    import yaml  # not at start-up

    found: dict[str, Standard] = {}
    for path in sorted(Path(__file__).parent.glob("*.yml")):
        try:
            standard = _standard(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise InvalidContribution(
                N_("{file} is no standard: {error}"),
                file=path.name,
                error=f"{type(error).__name__}: {error}",
            ) from error
        found[standard.id] = standard
    return found


def clauses_of(check_id: str, *, on: date | None = None) -> tuple[Clause, ...]:
    """The clauses in force on a day (default: today) that a check bears on."""
    day = on or clock.now().date()
    return tuple(
        clause
        for standard in all_standards().values()
        for clause in standard.clauses
        if clause.in_force(day) and clause.covers(check_id)
    )


def _standard(data: Mapping[str, Any]) -> Standard:
    start, end = _day(data.get("effective_from")), _day(data.get("effective_to"))
    return Standard(
        id=data["id"],
        title=_both(data["title"]),
        source=data["source"],
        status=_both(data["status"]),
        effective_from=start,
        effective_to=end,
        supersedes=tuple(data.get("supersedes", ())),
        clauses=tuple(_clause(data["id"], item, start, end) for item in data["clauses"]),
    )


def _clause(standard: str, data: Mapping[str, Any], start: date | None, end: date | None) -> Clause:
    if data["certainty"] not in CERTAINTIES:
        message = f"clause {data['id']}: certainty is one of {', '.join(CERTAINTIES)}"
        raise ValueError(message)
    return Clause(
        standard=standard,
        id=data["id"],
        level=int(data["level"]),
        title=_both(data["title"]),
        gist=_both(data["gist"]),
        certainty=data["certainty"],
        checks=tuple(data["checks"]),
        effective_from=_day(data.get("effective_from")) or start,
        effective_to=_day(data.get("effective_to")) or end,
    )


def _both(texts: Mapping[str, str]) -> Mapping[str, str]:
    missing = [language for language in LANGUAGES if not texts.get(language)]
    if missing:
        message = f"{texts} lacks {', '.join(missing)}"
        raise ValueError(message)
    return dict(texts)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
