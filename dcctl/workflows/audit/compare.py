"""Compare two audits: did the system change, the standard, or the check?

The earlier evidence is judged three times: as it was then (a kept assessment, else today's version
by the law of then), by today's version, and by today's law. What differs from one to the next has
one cause alone; what is left is the evidence's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput
from dcctl.model import plain
from dcctl.model.assessment import Assessment, Cause, Change, changes
from dcctl.text import N_
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate

if TYPE_CHECKING:
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
    then = _judged(request.old, services)
    kept = _kept(request.kept, then.run) if request.kept is not None else then
    # The same evidence by the new law: the day is the new evidence's own unless it was named.
    new = _judged(request.new, services)
    law = replace(
        request.new, run=then.run, as_of=request.new.as_of or _day(new), level=request.new.level
    )
    by_new_law = _judged(law, services)
    stages = (
        (None, kept),
        (Cause.CHECK, then),
        (Cause.STANDARD, by_new_law),
        (Cause.SYSTEM, new),
    )
    return Comparison(old=kept, new=new, changes=changes(stages))


def _judged(request: EvaluateRequest, services: Services) -> Assessment:
    found = evaluate(request, services).assessment
    assert found is not None  # noqa: S101 - evaluate gives one
    return found


def _day(found: Assessment) -> date:
    return date.fromisoformat(found.as_of)


def _kept(path: Path, run: str) -> Assessment:
    try:
        found = plain.from_plain(Assessment, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be read: {reason}"), path=str(path), reason=error.strerror
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput(
            N_("{path} is no kept assessment"),
            hint=N_("one is made by: dcctl audit evaluate RUN --output json"),
            path=str(path),
        ) from error
    if found.run != run:
        raise InvalidInput(
            N_("{path} judges run {other}, not {run}"), path=str(path), other=found.run, run=run
        )
    return found
