"""What `upgrade status` says of elements while a campaign runs, and once it was killed."""

from __future__ import annotations

from pathlib import Path

from dcctl.journal import Journal, ShardLog
from dcctl.model.event import EventKind
from dcctl.workflows.services import Services
from dcctl.workflows.upgrade.run import status
from tests.unit.upgrading.campaign import BAD, GOOD, planned
from tests.unit.upgrading.province import ROOT, SITE


def test_what_is_under_way_is_in_doubt_once_nobody_works_at_it(tmp_path: Path) -> None:
    plan = planned()
    with Journal.open("sqlite:///journal.db", root=tmp_path) as journal:
        services = Services(root=ROOT, operator="lan")
        services.__dict__["estate"], services.__dict__["journal"] = SITE, journal
        journal.keep_plan(plan, operator="lan")
        run = journal.open_run(plan, operator="lan", request={"verb": "upgrade"})
        journal.take_run(run.id)
        with ShardLog(journal.shard_folder(run.id, "g1"), run.id, "g1") as log:
            step = next(step.id for step in plan.steps if step.target == GOOD)
            log.emit(EventKind.STEP_STARTED, target=GOOD, step=step, durable=True)
            told = {"phase": "drain", "state": "begun"}
            log.emit(EventKind.STEP_PROGRESS, target=GOOD, step=step, durable=True, **told)
        states = {one.name: (one.status, one.phase) for one in status(run.id, services)[1]}
        assert (states[GOOD], states[BAD]) == (("running", "drain"), ("waiting", ""))

        journal.release_locks(run.id, [lock.name for lock in journal.locks()])
        states = {one.name: (one.status, one.phase) for one in status(run.id, services)[1]}
        assert (states[GOOD], states[BAD]) == (("in_doubt", "drain"), ("waiting", ""))
