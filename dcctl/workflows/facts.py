"""Facts: read topics of some targets, and give what was understood; changes and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dcctl import platforms
from dcctl.errors import ExitCode, NotFound
from dcctl.facts import all_facts
from dcctl.model.plan import Step
from dcctl.model.record import RunRecord
from dcctl.model.status import ReadingStatus
from dcctl.model.target import Target
from dcctl.planning.steps import topics_step
from dcctl.text import N_
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.services import Services

ALL = "all"
_UNDERSTOOD = {ReadingStatus.PARSED, ReadingStatus.EMPTY}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRequest:
    """Which targets, as a host pattern, and which topics; `all` is what each platform can tell."""

    limit: str | None = None
    topics: tuple[str, ...] = (ALL,)


def facts(
    request: FactsRequest, services: Services, *, verb: str = "facts", name: str = ""
) -> RunRecord:
    """Read the topics; every one asked for is in the record's readings.

    Raises:
        NotFound: no such topic, or no such target.
    """
    unknown = sorted(set(request.topics) - set(all_facts()) - {ALL})
    if unknown:
        raise NotFound(
            N_("there is no topic {topic}"),
            hint=N_("known topics: {known}"),
            topic=unknown[0],
            known=", ".join(sorted(all_facts())),
        )
    targets = select(services, request.limit)
    steps = [_step(target, request.topics) for target in targets.values()]
    plan = simple_plan(verb, targets, steps, services)
    asked = {"verb": verb, "limit": request.limit, "topics": list(request.topics), "name": name}
    return execute(plan, services, request=asked)


def _step(target: Target, topics: Sequence[str]) -> Step:
    platform = platforms.get(target.platform) if target.managed else None
    return topics_step(target, platform, _told(target) if ALL in topics else topics)


def _told(target: Target) -> tuple[str, ...]:
    """The topics that something of the target has collectors for: host beneath, controller."""
    if not target.managed:
        return ()
    return tuple(
        sorted(
            {
                collector.topic
                for platform in platforms.asked_with(target.platform)
                if platform.executor != "bmc" or target.bmc is not None
                for collector in platform.collectors
            }
        )
    )


def readings(record: RunRecord) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(target, topic, reading) of all that was asked for; what is missing says why."""
    for step, outcome in record.steps():
        found = record.readings.get(step.target, {})
        topics = step.settings.get("topics", ())
        missing = {"status": ReadingStatus.ERROR.value, "message": str(outcome.message)}
        for topic in topics:
            yield step.target, topic, found.get(topic) or missing
        if not topics:  # nothing reaches this gear, so that there is nothing to ask
            yield step.target, "", {**missing, "status": ReadingStatus.NO_TEMPLATE.value}


def raw(reading: Mapping[str, Any], services: Services) -> tuple[str, ...]:
    """The raw answers (redacted) that a reading was made from."""
    return tuple(
        services.journal.blob(digest).decode("utf-8", "replace")
        for digest in reading.get("evidence", ())
    )


def exit_code(record: RunRecord) -> ExitCode:
    """0 when all that was asked for was understood, else 4: could not tell."""
    told = [ReadingStatus(reading["status"]) for _, _, reading in readings(record)]
    understood = bool(told) and set(told) <= _UNDERSTOOD
    return ExitCode.OK if understood else ExitCode.COULD_NOT_TELL
