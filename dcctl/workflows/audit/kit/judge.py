"""Whether a kit's result may be taken in: asked for, whole, of its slice, and of its time."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dcctl import clock
from dcctl.errors import InvalidInput, JournalError, NotFound, Refused
from dcctl.executors import notary
from dcctl.journal import redaction
from dcctl.journal.shardlog import parsed_lines
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.note import NotANote, Note
from dcctl.model.outcome import Answer, Outcome
from dcctl.model.plan import Plan
from dcctl.model.record import Run
from dcctl.model.status import ReadingStatus, RunStatus
from dcctl.text import N_
from dcctl.workflows.audit.kit import result as results
from dcctl.workflows.audit.kit.whole import Whole
from dcctl.workflows.journal import policy
from dcctl.workflows.services import Services
from dcctl.workflows.signers import policy_path

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
_KEY = 32  # bytes


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
    told = _told(archive, path)
    run = _awaited(told, path, services)
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
        signed=_signers(archive, judge, path, services),
    )


def _told(archive: Whole, path: Path) -> results.Told:
    for name in (results.RESULT, results.HEAD):
        if name not in archive.names:
            raise _wrong(N_("{path}: {name} is missing"), path, name=name)
    try:
        data = json.loads(archive.read(results.RESULT))
        if data.get("schema") != results.SCHEMA:
            raise TypeError  # noqa: TRY301 - one place that tells of it
        return plain.from_plain(results.Told, data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _wrong(
            N_("{path} is no result of an audit kit, or of a later version"), path
        ) from error


def _awaited(told: results.Told, path: Path, services: Services) -> Run:
    """The run that waits for it."""
    if told.journal != services.journal.id:
        raise Refused(
            N_("{path}: its kit was made from another journal ({journal})"),
            path=str(path),
            journal=told.journal[:40],
        )
    try:
        run = services.journal.run(told.run)
    except NotFound:
        run = None
    if run is None or run.id != told.run or not run.request.get("kit"):
        raise Refused(
            N_("{path}: nobody asked for it: this journal knows no kit {run}"),
            hint=N_("`dcctl audit kit` makes one, and the journal remembers it"),
            path=str(path),
            run=told.run[:60],
        )
    if run.status is not RunStatus.AWAY:
        raise Refused(
            N_("{path}: the result of kit {run} was taken in already, or is no longer wanted"),
            hint=N_("a kit is for one result; see dcctl runs show {run}"),
            path=str(path),
            run=run.id,
        )
    return run


def _require_in_time(run: Run, times: list[str], path: Path) -> None:
    """Nothing was read before the kit was made, nor will it be read tomorrow."""
    made, now = datetime.fromisoformat(run.started_at), clock.now()
    for at in (min(times), max(times)):
        when = datetime.fromisoformat(at)
        if not made - _CLOCKS <= when <= now + _CLOCKS:
            raise _wrong(
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
        self.run = told.run
        self._steps = {step.id: step.target for step in plan.steps}
        self.lines: list[bytes] = []
        self._of: dict[str, set[str]] = defaultdict(set)  # target -> digests told of it

    def events(self) -> list[Event]:
        """Every event of every log, each in its place."""
        logs = {m["shard"] for name in self._archive.names if (m := _LOG.fullmatch(name))}
        if logs != set(self._told.events):
            raise _wrong(N_("{path}: the logs in it are not those that it tells of"), self._path)
        found: list[Event] = []
        for shard in sorted(logs):
            found += self._log(shard)
        if not found:
            raise _wrong(N_("{path}: it is empty"), self._path)
        return found

    def _log(self, shard: str) -> Iterator[Event]:
        name = f"{results.SHARDS}{shard}/{results.EVENTS}"
        content = self._archive.read(name)
        lines = content.splitlines()
        if len(lines) != self._told.events[shard] or not content.endswith(b"\n"):
            raise _wrong(N_("{path}: {name} is cut short or was lengthened"), self._path, name=name)
        self.lines += lines
        try:
            parsed = parsed_lines(content, Path(name))
        except JournalError as error:
            raise _wrong(N_("{path}: {name} is damaged"), self._path, name=name) from error
        for line in parsed:
            self._require_own(line.event, shard)
            yield line.event

    def _require_own(self, event: Event, shard: str) -> None:
        """An event of this run's shard, about a target and a step of its slice."""
        where = {"shard": shard, "number": event.sequence}
        if (event.run, event.shard) != (self._told.run, shard) or event.kind not in _KINDS:
            raise _wrong(N_("{path}: {shard}, event {number} is not its own"), self._path, **where)
        if event.target and event.target not in self._plan.targets:
            raise _wrong(
                N_("{path}: {shard}, event {number} is about {target}, which was not asked for"),
                self._path,
                target=event.target[:80],
                **where,
            )
        stray = event.step and self._steps.get(event.step) != event.target
        if stray or not _well_formed(event):
            raise _wrong(
                N_("{path}: {shard}, event {number} fits nothing that was asked for"),
                self._path,
                **where,
            )

    def require_complete(self, events: list[Event]) -> None:
        """Every step that was asked for has an outcome."""
        ended = {event.step for event in events if event.kind is EventKind.STEP_FINISHED}
        missing = [step for step in self._steps if step not in ended]
        if missing:
            raise _wrong(
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
            raise _wrong(
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
            raise _wrong(
                N_("{path}: the evidence {digest} is not what its digest says"),
                self._path,
                digest=digest,
            )
        if redaction.redact_content(data, media_type) != data:
            raise _wrong(
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
            raise _wrong(
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


def _signers(archive: Whole, judge: _Judge, path: Path, services: Services) -> tuple[str, ...]:
    """Whose keys of the policy signed its head.

    Raises:
        InvalidInput: the head is not that of what is in it. Refused: signed by a stranger.
    """
    if results.SALTS in archive.names and len(archive.read(results.SALTS)) != _KEY:
        raise _wrong(N_("{path}: {name} is damaged"), path, name=results.SALTS)
    content = archive.read(results.HEAD).decode("utf-8", "replace")
    wanted = results.head_of(judge.run, [archive.read(results.RESULT), *judge.lines]).text
    if content == wanted:
        return ()
    try:
        note = Note.parse(content)
        if note.text != wanted:
            raise _wrong(N_("{path}: its head is not that of the log in it"), path)
        trust = policy.pinned(services) if policy_path(services).exists() else None
        keys = {**{k.name: k for k in trust.logs}, **trust.witnesses} if trust else {}
        found = tuple(name for name, key in keys.items() if notary.signed_by(note, key))
    except NotANote as error:
        raise _wrong(N_("{path}: its head is not that of the log in it"), path) from error
    if not found:
        raise Refused(
            N_("{path}: signed by {name}, which is no key of the policy, or forged"),
            path=str(path),
            name=note.signatures[0].name if note.signatures else "-",
        )
    return found


def _wrong(msgid: str, path: Path, **params: Any) -> InvalidInput:
    return InvalidInput(
        msgid,
        hint=N_("nothing of it was taken in; ask for it again, or make it anew"),
        path=str(path),
        **params,
    )
