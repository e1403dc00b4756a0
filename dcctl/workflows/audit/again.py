"""The facts and findings of a run made again from the raw answers that the journal keeps.

Pure: no device, no clock, no network. The same evidence gives the same findings on any machine
that has the same version of dcctl.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from dcctl import checks, platforms
from dcctl.contracts import Output
from dcctl.errors import JournalError, NotFound, Unparsed
from dcctl.executors import conformity, unchanged
from dcctl.facts import read_fact
from dcctl.model import plain
from dcctl.model.observed import Observed, Steadiness
from dcctl.model.outcome import Answer, Reading
from dcctl.model.status import ReadingStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dcctl.contracts import Collector, Platform
    from dcctl.model.outcome import Finding
    from dcctl.model.record import RunRecord


UPGRADE = "upgrade_record"


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
    return observed(record, target, blob)[0]


def observed(
    record: RunRecord,
    target: str,
    blob: Callable[[str], bytes],
    known: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[dict[str, Reading], Observed]:
    """The readings of a target, and how well it was read.

    `known` is what `known_of` found in the record.
    """
    platform = record.plan.targets[target].platform
    said = cache(partial(_said, blob))  # an answer that several topics need is fetched once
    lines = _Lines()
    found = {
        topic: _again(_kept(data), platform, said, lines)
        for topic, data in record.readings.get(target, {}).items()
    }
    look = found.get(unchanged.TOPIC)
    told = (known_of(record) if known is None else known).get(target, {})
    if UPGRADE in told:
        found[UPGRADE] = _upgraded(told[UPGRADE])
    if look is not None:
        found[conformity.TOPIC] = _conforming(look, platforms.get(platform), told, said)
    value = read_fact(look) if look is not None and look.status is ReadingStatus.PARSED else None
    steady = {None: Steadiness.UNKNOWN, True: Steadiness.SAME, False: Steadiness.CHANGED}
    return found, Observed(
        target=target,
        configuration=steady[value.same if value else None],
        differing=value.differing if value else (),
        why=look.message if look is not None else "",
        lines=sum(lines.of.values()),
        unread=sum(number for key, number in lines.of.items() if key not in lines.understood),
    )


def known_of(record: RunRecord) -> dict[str, Mapping[str, Any]]:
    """What was known of each target, without asking it, when it was collected.

    Its intended configuration, or why there is none; the record of its newest upgrade.
    """
    names = ("intended", "not_intended", UPGRADE)
    found: dict[str, Mapping[str, Any]] = {}
    for step in record.plan.steps:
        told = {name: step.settings[name] for name in names if name in step.settings}
        found |= {step.target: told} if told else {}
    return found


def _upgraded(fact: Mapping[str, Any] | None) -> Reading:
    """The record of the newest upgrade; empty where the journal knew of none."""
    if fact is None:
        return Reading(topic=UPGRADE, status=ReadingStatus.EMPTY)
    return Reading(topic=UPGRADE, status=ReadingStatus.PARSED, value=fact)


def _conforming(
    look: Reading, platform: Platform, told: Mapping[str, Any], said: Callable[[Answer], Output]
) -> Reading:
    """What was seen running against what was intended then."""
    bare = replace(look, topic=conformity.TOPIC, value=None)
    if platform.change is None or not told.keys() & {"intended", "not_intended"}:
        why = f"no intended configuration of {platform.name} was kept"
        return replace(bare, status=ReadingStatus.NO_TEMPLATE, evidence=(), message=why)
    if "intended" not in told:
        return _unread(bare, told["not_intended"])
    if look.status is not ReadingStatus.PARSED or not look.answers:
        return bare if look.status is not ReadingStatus.PARSED else _unread(bare, look.message)
    try:
        running = said(look.answers[0]).text
        value = conformity.of_texts(platform, platform.change, running, told["intended"])
    except (Unparsed, NotFound, JournalError) as error:
        return _unread(bare, str(error))
    return replace(bare, value=value, evidence=(look.answers[0].digest,))


class _Lines:
    """The lines of each answer, and which answers a parser made something of."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, str], int] = {}
        self.understood: set[tuple[str, str]] = set()

    def note(self, outputs: Sequence[tuple[str, Output]], *, understood: bool) -> None:
        """An answer that several topics use counts once, and is understood when one of them is."""
        for digest, output in outputs:
            key = (output.command, digest)
            if key not in self.of:
                self.of[key] = _lines(output.text)
            if understood:
                self.understood.add(key)


def _lines(text: str) -> int:
    """Lines that say something; of a probe's answer, the lines of the texts that it brings."""
    if text.startswith(("{", "[")):
        with suppress(ValueError):
            return _lines_of(json.loads(text))
    return sum(1 for line in text.splitlines() if line.strip())


def _lines_of(data: Any) -> int:
    if isinstance(data, dict):
        return sum(map(_lines_of, data.values()))
    if isinstance(data, list):
        return sum(map(_lines_of, data))
    return sum(1 for line in data.splitlines() if line.strip()) if isinstance(data, str) else 1


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


def _again(
    kept: Reading, platform: str, said: Callable[[Answer], Output], lines: _Lines
) -> Reading:
    """What no device was asked for, and what a session told of itself, stays as it was kept."""
    if not kept.answers:
        return kept
    asked = tuple(answer.command for answer in kept.answers)
    looks = kept.topic == unchanged.TOPIC
    collector = None if looks else _collector(platform, kept.topic, asked)
    if collector is None and not looks:
        return _unread(kept, f"this version of dcctl asks for {kept.topic} in another way")
    try:
        outputs = [said(answer) for answer in kept.answers]
    except (NotFound, JournalError) as error:  # lost or damaged: never a pass
        return _unread(kept, str(error))
    if collector is None:
        return _compared(kept, platforms.get(platform), outputs)
    status, value, message = platforms.fact_of(collector, outputs)
    digests = [answer.digest for answer in kept.answers]
    known = status in (ReadingStatus.PARSED, ReadingStatus.EMPTY)
    lines.note(list(zip(digests, outputs, strict=True)), understood=known)
    return replace(kept, status=status, value=value, message=str(message))


def _compared(kept: Reading, platform: Platform, outputs: Sequence[Output]) -> Reading:
    """Both looks at the configuration; of the secrets in it counts what was compared then."""
    try:
        before, after = (output.text for output in outputs)
        now, then = unchanged.of_kept(platform, before, after), read_fact(kept)
    except (Unparsed, ValueError, TypeError) as error:
        return _unread(kept, str(error))
    return replace(kept, value=replace(now, same=now.same and bool(then and then.same)))


@cache
def _collector(platform: str, topic: str, asked: tuple[str, ...]) -> Collector | None:
    """Which collector asked: the platform's own, of the host beneath, or of its controller."""
    for candidate in platforms.asked_with(platform):
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
