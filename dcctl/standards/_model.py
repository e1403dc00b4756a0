"""What the catalogue is made of: standards with clauses, and rows that say what answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

LEVELS = (3, 4, 5)  # of an information system, by the law; 1 and 2 are not audited with dcctl
CERTAINTIES = ("read", "secondary", "to be verified")
DETAILS = ("full", "titles", "numbers")  # how much of a clause may be said

Both = Mapping[str, str]  # language -> text


class Force(StrEnum):
    """Whether a standard applied on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    TRANSITION = "transition"  # replaced, but still open to those who were at it before
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause at one level; `level` is None in a standard that has none of Vietnam's levels."""

    standard: str
    id: str
    level: int | None
    title: Both
    gist: Both
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Until when a replaced standard may still be met, and by whom."""

    until: date
    applies_to: Both


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard. `status` says what is not verified of it."""

    id: str
    title: Both
    source: str
    status: Both
    certainty: str
    effective_from: date | None = None
    effective_to: date | None = None
    transition: Transition | None = None
    supersedes: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def force(self, day: date) -> Force:
        """Whether it applied on `day`."""
        if self.effective_from is not None and day < self.effective_from:
            return Force.NOT_YET
        if self.effective_to is None or day <= self.effective_to:
            return Force.IN_FORCE
        late = self.transition is not None and day <= self.transition.until
        return Force.TRANSITION if late else Force.ENDED

    def clause(self, clause_id: str, level: int) -> Clause | None:
        """The clause of that number at a level."""
        return next(
            (
                clause
                for clause in self.clauses
                if clause.id == clause_id and clause.level in (level, None)
            ),
            None,
        )


class Kind(StrEnum):
    """How a row is answered."""

    LIVE = "live"
    ATTESTED = "attested"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Checks that answer a row, with the parameters it asks for; all of them must pass.

    A parameter may hold one value a level: {3: 90, 4: 180, 5: 365}.
    """

    checks: Mapping[str, Mapping[str, Any]]

    def asked(self, level: int) -> dict[str, dict[str, Any]]:
        """Each check's parameters at a level."""
        return {
            check: {name: _at(value, level) for name, value in parameters.items()}
            for check, parameters in self.checks.items()
        }


def _at(value: Any, level: int) -> Any:
    return value[level] if is_by_level(value) else value


def is_by_level(value: Any) -> bool:
    """Whether a parameter holds one value a level."""
    return isinstance(value, Mapping) and set(value) == set(LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A row that a person answers: who signs, and how many months the signature holds."""

    role: str
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """A row that an evaluation answers from what it was given beside the evidence."""

    subject: str  # waivers: whether all are in order; duties: whether all were met in time


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEvaluated:
    """A row that this version does not answer, and why."""

    reason: Both


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the catalogue. `targets` is servers, elements or all.

    `clauses` holds for each standard and level the clauses that ask for it. `site` holds for each
    check the parameters that only the site can know (its own mirrors, its own networks). `every`
    says by level after how many months at most it has to be looked at again.
    """

    id: str
    family: str
    targets: str
    priority: int
    title: Both
    passes: Both
    clauses: Mapping[str, Mapping[int, tuple[Clause, ...]]]
    answer: Live | Attested | Concluded | NotEvaluated
    site: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    every: Mapping[int, int] = field(default_factory=dict)

    def asked(self, level: int, said: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Its checks' parameters at a level, with what the site said where it may say something.

        Thresholds are the catalogue's: nobody loosens what he is judged by.
        """
        if not isinstance(self.answer, Live):
            return {}
        return {
            check: {
                **values,
                **{
                    name: said[check][name]
                    for name in self.site.get(check, ())
                    if name in said.get(check, {})
                },
            }
            for check, values in self.answer.asked(level).items()
        }

    @property
    def kind(self) -> Kind:
        """How it is answered."""
        kinds = {
            Live: Kind.LIVE,
            Concluded: Kind.LIVE,
            Attested: Kind.ATTESTED,
            NotEvaluated: Kind.NOT_EVALUATED,
        }
        return kinds[type(self.answer)]

    def cited(self, level: int, standards: Mapping[str, Standard]) -> tuple[Clause, ...]:
        """The clauses of `standards` that ask for it at a level."""
        return tuple(
            clause
            for standard, levels in self.clauses.items()
            if standard in standards
            for clause in levels.get(level, ())
        )
