"""Compare two audits: did the system change, the standard, a waiver, or the check?

The earlier evidence is judged four times: as it was then (a kept assessment, else today's version
by the law of then), by today's version, with today's waivers and attestations, and by today's law.
What differs from one to the next has one cause alone; what is left is the evidence's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dcctl.model.assessment import Assessment, Cause, Change, changes
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.kept import read_kept, require_run

if TYPE_CHECKING:
    from pathlib import Path

    from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """Two evaluations; `kept` is a file that `dcctl audit evaluate --output json` made of `old`."""

    old: EvaluateRequest
    new: EvaluateRequest = field(default_factory=EvaluateRequest)
    kept: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs, and what was compared."""

    old: Assessment
    new: Assessment
    changes: tuple[Change, ...]


def compare(request: CompareRequest, services: Services) -> Comparison:
    """What differs from the old evaluation to the new one, and why.

    Raises:
        NotFound: no such run. InvalidInput: a run that read nothing, or a kept file that is none,
            or not of that run.
    """
    kept = read_kept(request.kept) if request.kept is not None else None
    old = replace(request.old, declared=kept.declarations) if kept else request.old
    then = _judged(old, services)
    if kept is not None:
        require_run(kept, then.run, request.kept)
    # The same evidence by the new law: the day is the new evidence's own unless it was named.
    new = _judged(request.new, services)
    law = replace(
        request.new, run=then.run, as_of=request.new.as_of or _day(new), level=request.new.level
    )
    by_new_law = _judged(law, services)
    waived = replace(old, run=then.run, declared=new.declarations, declared_on=_day(new))
    stages = (
        (None, kept or then),
        (Cause.CHECK, then),
        (Cause.WAIVER, _judged(waived, services)),
        (Cause.STANDARD, by_new_law),
        (Cause.SYSTEM, new),
    )
    return Comparison(old=kept or then, new=new, changes=changes(stages))


def _judged(request: EvaluateRequest, services: Services) -> Assessment:
    found = evaluate(request, services).assessment
    assert found is not None  # noqa: S101 - evaluate gives one
    return found


def _day(found: Assessment) -> date:
    return date.fromisoformat(found.as_of)
