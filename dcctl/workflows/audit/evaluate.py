"""Evaluate: judge what a run collected, by the law of a day; touches nothing."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dcctl import __version__
from dcctl.errors import InvalidInput, Refused
from dcctl.journal.store import LATEST
from dcctl.text import N_
from dcctl.workflows.audit import declarations
from dcctl.workflows.audit.assess import Profile, assess, standings
from dcctl.workflows.audit.collect import VERB
from dcctl.workflows.audit.duties import collected_on
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.journal import whole

if TYPE_CHECKING:
    from datetime import date

    from dcctl.model.declaration import Declarations
    from dcctl.model.record import RunRecord
    from dcctl.workflows.services import Services


_ALL = 2  # the lowest priority


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """Which run's evidence, and by what it is judged; `latest` is the newest audit."""

    run: str = LATEST
    as_of: date | None = None  # None: the day on which it was collected
    level: int | None = None
    standards: tuple[str, ...] = ()
    priority: int = _ALL
    declared: Declarations | None = None  # None: what the site declares now
    declared_on: date | None = None  # the day on which that is judged; None: `as_of`


def evaluate(request: EvaluateRequest, services: Services) -> RunRecord:
    """The run's record with its assessment.

    Raises:
        NotFound: no such run. InvalidInput: it read nothing. Refused: kept declarations by signers
            that were never in force here. JournalError: the journal has not what was logged of it.
    """
    audit = services.journal.newest(VERB) if request.run == LATEST else None
    record = services.journal.record(audit.id if audit else request.run, whole=False)
    if not record.readings and not any(step.settings.get("topics") for step in record.plan.steps):
        raise InvalidInput(
            N_("run {run} ({verb}) read nothing that could be judged"),
            hint=N_("dcctl audit collect reads what the catalogue asks for"),
            run=record.run.id,
            verb=record.run.verb,
        )
    whole.heads_over(record.run.id, services)
    profile = Profile(
        as_of=request.as_of or _day_of(record),
        level=request.level,
        standards=request.standards,
        priority=request.priority,
    )
    rows = catalogue()
    declared = _known(request.declared, services) or declarations.of_site(services)
    standing = standings(declared, rows, request.declared_on or profile.as_of)
    with services.journal.evidence() as evidence:
        found = assess(record, evidence, rows, profile, __version__, standing)
    return replace(record, assessment=replace(found, options=_options(request)))


def _options(request: EvaluateRequest) -> str:
    """What else has to be typed to get the same again."""
    words = ["--level", str(request.level)] if request.level else []
    for name in request.standards:
        words += ["--standard", name]
    words += ["--priority", str(request.priority)] if request.priority != _ALL else []
    return shlex.join(words)


def _day_of(record: RunRecord) -> date:
    day = collected_on(record)
    assert day is not None  # noqa: S101 - a run of the journal has begun
    return day


def _known(declared: Declarations | None, services: Services) -> Declarations | None:
    """Declarations that were kept, where their signers were once in force here.

    Raises:
        Refused: they never were: whoever brings a file could bring signers with it.
    """
    if declared is None or not (declared.waivers or declared.attestations) or declared.unsigned:
        return declared
    digest = hashlib.sha256(declared.signers.encode()).hexdigest()
    if not services.journal.was_pinned(digest):
        raise Refused(
            N_("the signers of the kept waivers and attestations were never in force here"),
            hint=N_("the journal has to be the one, or a copy of the one, that they were kept by"),
        )
    return declared
