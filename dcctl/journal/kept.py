"""Outcomes of one kind over all runs: what was ever kept of a target's configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from dcctl.journal.schema import events, outcomes, runs
from dcctl.model.backup import Backup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


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
