"""Evaluate: judge what a run collected, by the law of a day; touches nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from dcctl import __version__
from dcctl.errors import InvalidInput
from dcctl.text import N_
from dcctl.workflows.audit.assess import Profile, assess
from dcctl.workflows.catalogue import catalogue

if TYPE_CHECKING:
    from dcctl.model.record import RunRecord
    from dcctl.workflows.services import Services

_ZONE = timezone(timedelta(hours=7))  # the law's day is Vietnam's


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """Which run's evidence, and by what it is judged."""

    run: str = "latest"
    as_of: date | None = None  # None: the day on which it was collected
    level: int | None = None
    standards: tuple[str, ...] = ()
    priority: int = 2


def evaluate(request: EvaluateRequest, services: Services) -> RunRecord:
    """The run's record with its assessment.

    Raises:
        NotFound: no such run. InvalidInput: it read nothing.
    """
    record = services.journal.record(request.run, whole=False)
    if not record.readings and not any(step.settings.get("topics") for step in record.plan.steps):
        raise InvalidInput(
            N_("run {run} ({verb}) read nothing that could be judged"),
            hint=N_("dcctl audit collect reads what the catalogue asks for"),
            run=record.run.id,
            verb=record.run.verb,
        )
    profile = Profile(
        as_of=request.as_of or _collected_on(record),
        level=request.level,
        standards=request.standards,
        priority=request.priority,
    )
    with services.journal.evidence() as evidence:
        found = assess(record, evidence, catalogue(), profile, __version__)
    return replace(record, assessment=found)


def _collected_on(record: RunRecord) -> date:
    """The day on which it was read: of a kit, not the day on which that was made."""
    began = [one.started_at for one in record.outcomes.values() if one.started_at]
    first = min(began, default="") if record.run.request.get("kit") else ""
    return datetime.fromisoformat(first or record.run.started_at).astimezone(_ZONE).date()
