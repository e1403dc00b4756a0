"""Snapshots: all topics of some targets, kept in the journal as a run; and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dcctl.errors import ExitCode, NotFound
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import ReadingStatus, RunStatus
from dcctl.planning.comparing import Difference, Verdict, compare
from dcctl.text import N_
from dcctl.workflows.facts import FactsRequest, facts, readings
from dcctl.workflows.services import Services

VERB = "snapshot"
LATEST = "latest"
ONCE = "only in one of them"
_MANY = 10_000  # runs among which a snapshot is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDifference:
    """One difference, and whose it is."""

    target: str
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotDiff:
    """Two snapshots and all that differs, what is worse first."""

    before: Run
    after: Run
    differences: tuple[TargetDifference, ...]

    def exit_code(self) -> ExitCode:
        """3: something is worse. 4: something could not be compared. 0: neither."""
        verdicts = {one.difference.verdict for one in self.differences}
        if Verdict.WORSE in verdicts:
            return ExitCode.WRONG
        return ExitCode.COULD_NOT_TELL if Verdict.UNKNOWN in verdicts else ExitCode.OK


def take(request: FactsRequest, services: Services, *, name: str = "") -> RunRecord:
    """Read all topics and keep them, each raw answer beside what was understood of it."""
    return facts(request, services, verb=VERB, name=name)


def snapshots(services: Services, *, limit: int = _MANY) -> tuple[Run, ...]:
    """The snapshots that came to their end, the newest first."""
    runs = services.journal.runs(limit=_MANY)
    ended = [run for run in runs if run.verb == VERB and run.status is RunStatus.FINISHED]
    return tuple(ended[:limit])


def find(name: str, services: Services, *, before: Run | None = None) -> Run:
    """A snapshot by its name, its run's id, the beginning of that, or `latest`.

    Raises:
        NotFound: there is none.
    """
    found = snapshots(services)
    if before is not None:
        found = tuple(run for run in found if run.started_at < before.started_at)
    for run in found:
        if name == LATEST or name == run.request.get("name") or run.id.startswith(name):
            return run
    if before is not None and name == LATEST:
        raise NotFound(
            N_("there is no snapshot before that of run {run} to compare it with"),
            hint=N_("take one now, and another after the work"),
            run=before.id,
        )
    raise NotFound(
        N_("there is no snapshot {name}"),
        hint=N_("`dcctl snapshot list` shows what there is"),
        name=name,
    )


def diff(before: str, after: str, services: Services) -> SnapshotDiff:
    """What became of each target between two snapshots.

    Raises:
        NotFound: no such snapshot.
    """
    newer = find(after, services)
    older = find(before, services, before=newer if before == LATEST else None)
    differences = _differences(services.journal.record(older.id), services.journal.record(newer.id))
    order = tuple(Verdict)
    ranked = sorted(differences, key=lambda one: order.index(one.difference.verdict))
    return SnapshotDiff(before=older, after=newer, differences=tuple(ranked))


def _differences(older: RunRecord, newer: RunRecord) -> list[TargetDifference]:
    before = {(target, topic): reading for target, topic, reading in readings(older)}
    after = {(target, topic): reading for target, topic, reading in readings(newer)}
    both = {target for target, _ in before} & {target for target, _ in after}
    found: dict[TargetDifference, None] = {}
    for target, topic in dict.fromkeys((*before, *after)):
        asked = topic if target in both else ""  # a target that only one snapshot has: told once
        pair = before.get((target, topic)), after.get((target, topic))
        for one in _compared(asked, *pair):
            found[TargetDifference(target=target, difference=one)] = None
    return list(found)


def _compared(
    topic: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[Difference, ...]:
    unread = Difference(
        topic=topic,
        before=_told(before),
        after=_told(after),
        verdict=Verdict.UNKNOWN,
    )
    if before is None or after is None:
        return (unread if topic else Difference(topic="", verdict=Verdict.UNKNOWN, item=ONCE),)
    statuses = {ReadingStatus(before["status"]), ReadingStatus(after["status"])}
    if statuses == {ReadingStatus.NO_TEMPLATE}:
        return ()
    if not statuses <= {ReadingStatus.PARSED, ReadingStatus.EMPTY}:
        same = before["status"] == after["status"]
        return (replace(unread, item=str(after.get("message", ""))[:120] if same else ""),)
    return compare(topic, before.get("value"), after.get("value"))


def _told(reading: Mapping[str, Any] | None) -> str:
    """How a reading ended, for one that holds no fact to compare; nothing where none was asked."""
    return "" if reading is None else str(reading["status"])
