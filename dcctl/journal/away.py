"""Runs that are carried out elsewhere: begun here, and taken in whole when they come back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from dcctl import clock
from dcctl.errors import JournalError, Refused
from dcctl.journal import importer
from dcctl.journal.holds import Holds
from dcctl.journal.rows import keep_plan
from dcctl.journal.schema import runs
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.status import RunStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path

    from dcctl.model.event import Event
    from dcctl.model.plan import Plan
    from dcctl.model.record import Run


class Away(Holds):
    """A journal's runs that are carried out where it is not."""

    def send_away(self, plan: Plan, run: Run) -> None:
        """Write down that `run` is carried out elsewhere; nobody here carries it out or waits."""
        row = plain.to_plain(run) | {"cancel": 0, "status": RunStatus.AWAY.value}
        row["versions"], row["request"] = json.dumps(row["versions"]), json.dumps(row["request"])
        with self._writing() as connection:
            keep_plan(connection, plan, run.operator)
            connection.execute(insert(runs), row)

    def take_back(self, run_id: str, folder: Path, *, events: int) -> None:
        """Bring in the shards that lie in `folder`, one a folder, and end the run: all or nothing.

        Raises:
            Refused: the run is not away (any more). JournalError: a log is damaged, or there are
                not so many events with all of their evidence.
        """
        with self._writing() as connection:
            query = select(runs.c.status).where(runs.c.id == run_id)
            status = connection.execute(query).scalar_one()
            if status != RunStatus.AWAY:
                raise Refused(
                    N_("run {run} is {status}, and takes no result in"), run=run_id, status=status
                )
            told: list[Event] = []
            for shard in sorted(folder.iterdir()):
                found = importer.read(shard, run_id, shard.name, importer.START)
                told += importer.write(connection, shard, run_id, shard.name, found)
            digests = {str(e.data["digest"]) for e in told if e.kind is EventKind.EVIDENCE}
            if len(told) != events or importer.stored(connection, sorted(digests)) != digests:
                raise JournalError(
                    N_("{path}: what was looked at is no longer there whole"), path=str(folder)
                )
            ended = {"status": RunStatus.FINISHED.value, "finished_at": clock.now().isoformat()}
            connection.execute(update(runs).where(runs.c.id == run_id).values(ended))
