"""Outcomes of one kind over all runs: configurations that were kept, upgrades that were made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from dcctl.journal.schema import events, outcomes, runs, steps
from dcctl.model import plain
from dcctl.model.backup import Backup
from dcctl.model.outcome import Outcome
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


# How an upgrade ends that had begun to change something.
_TOUCHED = (StepStatus.CHANGED, StepStatus.FAILED, StepStatus.ERROR)


def upgrades(connection: Connection) -> dict[str, tuple[str, Outcome]]:
    """The newest upgrade that was begun on each target: its run, and how it ended."""
    same = (
        (events.c.run == outcomes.c.run)
        & (events.c.shard == outcomes.c.shard)
        & (events.c.sequence == outcomes.c.sequence)
    )
    planned = (steps.c.plan_hash == runs.c.plan_hash) & (steps.c.step == outcomes.c.step)
    query = (
        select(outcomes.c.run, outcomes.c.target, events.c.data)
        .join(events, same)
        .join(runs, runs.c.id == outcomes.c.run)
        .join(steps, planned)
        .where(
            steps.c.kind == StepKind.UPGRADE.value,
            outcomes.c.status.in_([one.value for one in _TOUCHED]),
        )
        .order_by(events.c.at, outcomes.c.run, outcomes.c.sequence)
    )
    return {
        row.target: (row.run, plain.from_plain(Outcome, json.loads(row.data)["outcome"]))
        for row in connection.execute(query)
    }


def backups(connection: Connection, target: str | None, limit: int) -> Iterator[Backup]:
    """The newest backups first, of one target or of all."""
    same = (
        (events.c.run == outcomes.c.run)
        & (events.c.shard == outcomes.c.shard)
        & (events.c.sequence == outcomes.c.sequence)
    )
    query = (
        select(outcomes.c.run, outcomes.c.target, events.c.at, events.c.data)
        .join(events, same)
        .join(runs, runs.c.id == outcomes.c.run)
        .where(events.c.data.contains('"sealed"'))
        .order_by(events.c.at.desc(), outcomes.c.run.desc(), outcomes.c.sequence.desc())
    )
    if target is not None:
        query = query.where(outcomes.c.target == target)
    found = 0
    for row in connection.execute(query):
        kept = json.loads(row.data)["outcome"].get("data", {}).get("backup")
        if not kept or found >= limit:
            continue
        found += 1
        yield Backup(
            target=row.target,
            platform=str(kept["platform"]),
            run=row.run,
            taken_at=row.at,
            sealed=str(kept["sealed"]),
            fingerprint=str(kept["fingerprint"]),
            lines=int(kept["lines"]),
            proof=str(kept["proof"]),
            occasion=str(kept["occasion"]),
        )
