"""Whether a kit's result may be taken in: asked for, whole, of its slice, and of its time."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dcctl import clock
from dcctl.errors import JournalError, Refused
from dcctl.journal import redaction
from dcctl.journal.shardlog import parsed_lines
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.outcome import Answer, Outcome
from dcctl.model.plan import Plan
from dcctl.model.record import Run
from dcctl.model.status import ReadingStatus
from dcctl.text import N_
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit.asked import awaited, signers, told_in, wrong
from dcctl.workflows.audit.kit.whole import Whole
from dcctl.workflows.services import Services

_CLOCKS = timedelta(days=1)  # that two machines' clocks may be apart
_KINDS = frozenset(
    {
        *(EventKind.SHARD_STARTED, EventKind.SHARD_FINISHED, EventKind.STEP_STARTED),
        *(EventKind.STEP_PROGRESS, EventKind.STEP_FINISHED, EventKind.READING),
        *(EventKind.EVIDENCE, EventKind.SESSION),
    }
)
_LOG = re.compile(results.LOG_NAME)
_BLOB = re.compile(results.BLOB_NAME)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a result holds that may be taken in."""

    run: str
    events: int
    evidence: int
    first_at: str
    last_at: str
    reader: str
    signed: tuple[str, ...]


def judged(archive: Whole, path: Path, services: Services) -> Found:
    """Look at all of a result; takes nothing in.

    Raises:
        InvalidInput, Refused: with what is wrong.
    """
    told = told_in(archive, path)
    run = awaited(told, path, services)
    plan = services.journal.plan(run.plan_hash)
    if told.plan != plan.hash or told.kit != run.request.get("kit"):
        raise Refused(N_("{path}: it was not read with the kit of its run"), path=str(path))
    judge = _Judge(archive, path, told, plan)
    events = judge.events()
    times = [event.at for event in events]
    _require_in_time(run, times, path)
    judge.require_complete(events)
    judge.require_evidence(events)
    return Found(
        run=run.id,
        events=len(events),
        evidence=len(judge.digests(events)),
        first_at=min(times),
        last_at=max(times),
        reader=told.operator,
        signed=signers(archive, judge.head(), path, services),
    )


def _require_in_time(run: Run, times: list[str], path: Path) -> None:
    """Nothing was read before the kit was made, nor will it be read tomorrow."""
    made, now = datetime.fromisoformat(run.started_at), clock.now()
    for at in (min(times), max(times)):
        when = datetime.fromisoformat(at)
        if not made - _CLOCKS <= when <= now + _CLOCKS:
            raise wrong(
                N_("{path}: it says to be from {at}, and its kit was made at {made}; now is {now}"),
                path,
                at=at,
                made=run.started_at,
                now=now.isoformat(timespec="seconds"),
            )


class _Judge:
    """Events and evidence of a result, held to the plan of its run."""

    def __init__(self, archive: Whole, path: Path, told: results.Told, plan: Plan) -> None:
        self._archive, self._path, self._told, self._plan = archive, path, told, plan
        self._steps = {step.id: step.target for step in plan.steps}
        self.lines: list[bytes] = []
        self._of: dict[str, set[str]] = defaultdict(set)  # target -> digests told of it

    def head(self) -> str:
        """What stands for all that was read, once `events` has gone through it."""
        leaves = [self._archive.read(results.RESULT), *self.lines]
        return results.head_of(self._told.run, leaves).text

    def events(self) -> list[Event]:
        """Every event of every log, each in its place."""
        logs = {m["shard"] for name in self._archive.names if (m := _LOG.fullmatch(name))}
        if logs != set(self._told.events):
            raise wrong(N_("{path}: the logs in it are not those that it tells of"), self._path)
        found: list[Event] = []
        for shard in sorted(logs):
            found += self._log(shard)
        if not found:
            raise wrong(N_("{path}: it is empty"), self._path)
        return found

    def _log(self, shard: str) -> Iterator[Event]:
        name = f"{results.SHARDS}{shard}/{results.EVENTS}"
        content = self._archive.read(name)
        lines = content.splitlines()
        if len(lines) != self._told.events[shard] or not content.endswith(b"\n"):
            raise wrong(N_("{path}: {name} is cut short or was lengthened"), self._path, name=name)
        self.lines += lines
        try:
            parsed = parsed_lines(content, Path(name))
        except JournalError as error:
            raise wrong(N_("{path}: {name} is damaged"), self._path, name=name) from error
        for line in parsed:
            self._require_own(line.event, shard)
            yield line.event

    def _require_own(self, event: Event, shard: str) -> None:
        """An event of this run's shard, about a target and a step of its slice."""
        where = {"shard": shard, "number": event.sequence}
        if (event.run, event.shard) != (self._told.run, shard) or event.kind not in _KINDS:
            raise wrong(N_("{path}: {shard}, event {number} is not its own"), self._path, **where)
        if event.target and event.target not in self._plan.targets:
            raise wrong(
                N_("{path}: {shard}, event {number} is about {target}, which was not asked for"),
                self._path,
                target=event.target[:80],
                **where,
            )
        stray = event.step and self._steps.get(event.step) != event.target
        if stray or not _well_formed(event):
            raise wrong(
                N_("{path}: {shard}, event {number} fits nothing that was asked for"),
                self._path,
                **where,
            )

    def require_complete(self, events: list[Event]) -> None:
        """Every step that was asked for has an outcome."""
        ended = {event.step for event in events if event.kind is EventKind.STEP_FINISHED}
        missing = [step for step in self._steps if step not in ended]
        if missing:
            raise wrong(
                N_("{path}: {count} of {all} steps have no outcome, the first: {step}"),
                self._path,
                count=len(missing),
                all=len(self._steps),
                step=missing[0],
            )

    def digests(self, events: list[Event]) -> dict[tuple[str, str], str]:
        """(shard, digest) of all evidence that events tell of -> its media type."""
        return {
            (event.shard, str(event.data["digest"])): str(event.data.get("media_type", ""))
            for event in events
            if event.kind is EventKind.EVIDENCE
        }

    def require_evidence(self, events: list[Event]) -> None:
        """Every answer is there, is what its digest says, and holds no secret."""
        told = self.digests(events)
        there = {
            (m["shard"], m["digest"])
            for name in self._archive.names
            if (m := _BLOB.fullmatch(name))
        }
        for shard, digest in sorted(told.keys() ^ there):
            lacking = (shard, digest) in told
            raise wrong(
                N_("{path}: the evidence {digest} is missing")
                if lacking
                else N_("{path}: nothing tells of the evidence {digest}"),
                self._path,
                digest=digest,
            )
        for (shard, digest), media_type in told.items():
            self._require_blob(shard, digest, media_type)
        for event in events:
            if event.kind is EventKind.EVIDENCE:
                self._of[event.target].add(str(event.data["digest"]))
        for event in events:
            if event.kind is EventKind.READING:
                self._require_told(event)

    def _require_blob(self, shard: str, digest: str, media_type: str) -> None:
        name = f"{results.SHARDS}{shard}/{results.BLOBS}/{digest}.z"
        unpacking = zlib.decompressobj()
        try:
            data = unpacking.decompress(self._archive.read(name), results.LARGEST_ANSWER)
        except zlib.error:
            data = b""
        if not unpacking.eof or hashlib.sha256(data).hexdigest() != digest:
            raise wrong(
                N_("{path}: the evidence {digest} is not what its digest says"),
                self._path,
                digest=digest,
            )
        if redaction.redact_content(data, media_type) != data:
            raise wrong(
                N_("{path}: the evidence {digest} holds what looks like a secret"),
                self._path,
                digest=digest,
            )

    def _require_told(self, event: Event) -> None:
        """A reading names evidence of its own target alone."""
        named = {*event.data.get("evidence", ())}
        named |= {one.digest for one in _answers(event.data)}
        foreign = sorted(str(one) for one in named - self._of[event.target])
        if foreign:
            raise wrong(
                N_("{path}: {target} is read from the evidence {digest}, which is not its own"),
                self._path,
                target=event.target,
                digest=foreign[0][:64],
            )


def _well_formed(event: Event) -> bool:
    """What the journal will read of it is there."""
    data: Any = event.data
    try:
        datetime.fromisoformat(event.at)
        if event.kind is EventKind.STEP_FINISHED:
            outcome = plain.from_plain(Outcome, data["outcome"])
            return (outcome.step, outcome.target) == (event.step, event.target)
        if event.kind is EventKind.READING:
            ReadingStatus(data["status"])
            named = [one.digest for one in _answers(data)] + list(data.get("evidence", ()))
            return bool(event.target and data["topic"]) and all(map(_DIGEST.fullmatch, named))
        if event.kind is EventKind.EVIDENCE:
            return bool(event.target and _DIGEST.fullmatch(data["digest"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


def _answers(data: Mapping[str, Any]) -> tuple[Answer, ...]:
    return tuple(plain.from_plain(Answer, one) for one in data.get("answers", ()))
