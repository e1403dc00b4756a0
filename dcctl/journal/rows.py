"""Plans, runs and events as rows of the database, and back."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from dcctl.errors import JournalError
from dcctl.journal.schema import plans, steps
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.plan import Plan, digest_of
from dcctl.model.record import Run
from dcctl.text import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection


_REMEMBERED = 100  # plans
_whole: set[tuple[str, str]] = set()  # (hash, digest of the bytes) of plans that were proved


def keep_plan(connection: Connection, plan: Plan, operator: str) -> None:
    """Store a plan under its hash, unless it is there."""
    if connection.execute(select(plans.c.hash).where(plans.c.hash == plan.hash)).first():
        return
    content = zlib.compress(json.dumps(plain.to_plain(plan), separators=(",", ":")).encode(), 6)
    connection.execute(
        insert(plans),
        {
            "hash": plan.hash,
            "verb": plan.verb,
            "estate": plan.estate,
            "lab": plan.lab,
            "created_at": plan.created_at,
            "content": content,
            "operator": operator,
        },
    )
    rows = [
        {
            "plan_hash": plan.hash,
            "position": position,
            "step": step.id,
            "target": step.target,
            "kind": step.kind.value,
            "executor": step.executor,
            "changes": step.changes,
        }
        for position, step in enumerate(plan.steps)
    ]
    if rows:
        connection.execute(insert(steps), rows)


def plan_of(row: Any) -> Plan:
    """The plan of a row.

    Raises:
        JournalError: it is not what its hash says.
    """
    text = zlib.decompress(row.content)
    data = json.loads(text)
    known = (row.hash, hashlib.sha256(text).hexdigest())
    if known not in _whole:  # the same bytes are what their hash says once and for all
        if digest_of(data) != row.hash:
            raise JournalError(
                N_("plan {hash} in the journal is not what its hash says"), hash=row.hash
            )
        if len(_whole) >= _REMEMBERED:
            _whole.clear()
        _whole.add(known)
    return plain.from_plain(Plan, data)


def run_of(row: Any) -> Run:
    """The run of a row."""
    data = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    del data["cancel"]
    data["versions"], data["request"] = json.loads(data["versions"]), json.loads(data["request"])
    return plain.from_plain(Run, data)


def event_of(row: Any) -> Event:
    """The event of a row."""
    return Event(
        run=row.run,
        shard=row.shard,
        sequence=row.sequence,
        at=row.at,
        kind=EventKind(row.kind),
        target=row.target,
        step=row.step,
        data=json.loads(row.data),
    )
