"""What the leaves of the evidence log say: canonical JSON (RFC 8785) of the journal's own rows.

An event is a leaf by itself; everything else is a record with a `type`. A leaf is made from the row
each time anew, so that an altered row gives another leaf.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from dcctl.journal.schema import approvals, controls, ledger, meta, runs, signers
from dcctl.model import plain
from dcctl.model.status import RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection

EVENTS = "events"
_FINAL = (RunStatus.FINISHED.value, RunStatus.CANCELLED.value)
_HARD = re.compile(r"[0-9]{16}|\\u[dD][89abAB]")  # long integers; characters beyond 16 bits
_FIELDS = ("at", "kind", "run", "sequence", "shard", "step", "target")


def event_leaf(row: Any) -> bytes:
    """The leaf of an event's row.

    Raises:
        ValueError: the row is not what the journal writes.
    """
    content = {name: getattr(row, name) for name in _FIELDS}
    text = row.data
    if _HARD.search(text) is None:
        try:
            content["data"] = json.loads(text, parse_float=_decline, parse_constant=_decline)
        except _Declined:
            pass
        else:
            # What is left is written alike by both: no floats, and keys that sort alike. C is fast.
            return json.dumps(
                content, ensure_ascii=False, separators=(",", ":"), sort_keys=True
            ).encode()
    content["data"] = json.loads(text)
    return plain.canonical(content)


class _Declined(Exception):
    """Something that RFC 8785 writes in its own way."""


def _decline(_text: str) -> Any:
    raise _Declined


# --- records ---


def record_leaf(connection: Connection, kind: str, key: str, told: int) -> bytes | None:
    """The leaf of a record as the journal has it now; None: it has none (any more).

    Args:
        connection: the journal.
        kind: a name of `RECORDS`.
        key: what names the row: a run's id, a digest, a number, with a blank between two.
        told: how many events of the record's run are leaves before it.
    """
    return RECORDS[kind](connection, key, told)


def _journal(connection: Connection, key: str, _told: int) -> bytes | None:
    """Which journal this is: the first leaf of all."""
    found = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    return plain.canonical({"type": "journal", key: found}) if found else None


def _run(connection: Connection, run: str, _told: int) -> bytes | None:
    """How a run began."""
    row = connection.execute(select(runs).where(runs.c.id == run)).first()
    if row is None:
        return None
    return plain.canonical(
        {
            "type": "run",
            "run": row.id,
            "verb": row.verb,
            "plan": row.plan_hash,
            "estate": row.estate,
            "lab": row.lab,
            "operator": row.operator,
            "started_at": row.started_at,
            "versions": json.loads(row.versions),
            "request": json.loads(row.request),
        }
    )


def _ended(connection: Connection, key: str, told: int) -> bytes | None:
    """How a run ended, and after how many events: a run that was interrupted may end again."""
    run, _, finished = key.partition(" ")
    row = connection.execute(select(runs).where(runs.c.id == run)).first()
    if row is None or row.finished_at != finished:
        return None
    data = {
        "type": "ended",
        "run": run,
        "status": row.status,
        "finished_at": row.finished_at,
        "events": told,
    }
    return plain.canonical(data)


def _approval(connection: Connection, digest: str, _told: int) -> bytes | None:
    """Something that somebody signed."""
    return _whole(connection, approvals, approvals.c.digest == digest, "approval")


def _signers(connection: Connection, number: str, _told: int) -> bytes | None:
    """A list of people or keys that came into force."""
    return _whole(connection, signers, signers.c.number == int(number), "signers")


def _control(connection: Connection, key: str, _told: int) -> bytes | None:
    """Something that a run was asked for."""
    run, _, number = key.partition(" ")
    same = (controls.c.run == run) & (controls.c.number == int(number))
    return _whole(connection, controls, same, "control")


def _whole(connection: Connection, table: Any, same: Any, kind: str) -> bytes | None:
    row = connection.execute(select(table).where(same)).first()
    if row is None:
        return None
    data = {name: value for name, value in row._mapping.items() if value is not None}  # noqa: SLF001 - SQLAlchemy's public name for it
    if kind == "control":
        data["asked"] = data.pop("kind")
    return plain.canonical({"type": kind, **data})


RECORDS = {
    "journal": _journal,
    "run": _run,
    "ended": _ended,
    "approval": _approval,
    "signers": _signers,
    "control": _control,
}


def may_pass(kind: str, leaf: bytes) -> bool:
    """Whether the row of a record may have changed since: a run that was interrupted goes on."""
    return kind == "ended" and json.loads(leaf)["status"] not in _FINAL


def logged_events(connection: Connection) -> dict[str, int]:
    """How many events of each run are leaves."""
    mine = ledger.c.kind == EVENTS
    query = select(ledger.c.key, func.sum(ledger.c.length)).where(mine).group_by(ledger.c.key)
    return {run: int(number) for run, number in connection.execute(query)}
