"""The facts and findings of a run made again from the raw answers that the journal keeps.

Pure: no device, no clock, no network. The same evidence gives the same findings on any machine
that has the same version of dcctl.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from dcctl import checks, platforms
from dcctl.contracts import Output
from dcctl.errors import JournalError, NotFound
from dcctl.model import plain
from dcctl.model.outcome import Answer, Reading
from dcctl.model.status import ReadingStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from dcctl.contracts import Collector, Platform
    from dcctl.model.outcome import Finding
    from dcctl.model.record import RunRecord


def findings(
    record: RunRecord, blob: Callable[[str], bytes], parameters: Mapping[str, Mapping[str, Any]]
) -> tuple[Finding, ...]:
    """One finding for each check of `parameters` on each target, from what was kept of it."""
    return tuple(
        finding
        for name, target in record.plan.targets.items()
        for finding in checks.evaluate(target, readings(record, name, blob), parameters)
    )


def readings(record: RunRecord, target: str, blob: Callable[[str], bytes]) -> dict[str, Reading]:
    """Every topic that was read of `target`, understood again by this version of dcctl."""
    platform = record.plan.targets[target].platform
    said = cache(partial(_said, blob))  # an answer that several topics need is fetched once
    return {
        topic: _again(_kept(data), platform, said)
        for topic, data in record.readings.get(target, {}).items()
    }


def _said(blob: Callable[[str], bytes], answer: Answer) -> Output:
    text = blob(answer.digest).decode("utf-8", errors="replace")
    return Output(command=answer.command, text=text, failed=answer.failed)


def _kept(data: Mapping[str, Any]) -> Reading:
    """A reading as the journal has it."""
    return Reading(
        topic=str(data["topic"]),
        status=ReadingStatus(data["status"]),
        value=data.get("value"),
        message=str(data.get("message", "")),
        evidence=tuple(data.get("evidence", ())),
        answers=tuple(plain.from_plain(Answer, one) for one in data.get("answers", ())),
    )


def _again(kept: Reading, platform: str, said: Callable[[Answer], Output]) -> Reading:
    """What no device was asked for, and what a session told of itself, stays as it was kept."""
    if not kept.answers:
        return kept
    asked = tuple(answer.command for answer in kept.answers)
    collector = _collector(platform, kept.topic, asked)
    if collector is None:
        return _unread(kept, f"this version of dcctl asks for {kept.topic} in another way")
    try:
        outputs = [said(answer) for answer in kept.answers]
    except (NotFound, JournalError) as error:  # lost or damaged: never a pass
        return _unread(kept, str(error))
    status, value, message = platforms.fact_of(collector, outputs)
    return replace(kept, status=status, value=value, message=str(message))


@cache
def _collector(platform: str, topic: str, asked: tuple[str, ...]) -> Collector | None:
    """Which collector asked: the platform's own, or that of the host beneath it."""
    own = platforms.get(platform)
    candidates = [own, *([platforms.get(own.beneath)] if own.beneath else [])]
    for candidate in candidates:
        collector = candidate.collector(topic)
        if collector is not None and _labels(candidate, collector) == asked:
            return collector
    return None


def _labels(platform: Platform, collector: Collector) -> tuple[str, ...]:
    """What a collector's commands are called in evidence: a probe by its topic and place."""
    if platform.executor == "server_shell":
        return tuple(f"{collector.topic}/{index}" for index in range(len(collector.commands)))
    return collector.commands


def _unread(kept: Reading, why: str) -> Reading:
    return replace(kept, status=ReadingStatus.ERROR, value=None, message=why)
