"""What `upgrade status` says of elements while a campaign runs, and once it was killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dcctl.errors import Refused
from dcctl.journal import Journal, ShardLog
from dcctl.model.event import EventKind
from dcctl.model.status import RunStatus
from dcctl.workflows.services import Services
from dcctl.workflows.upgrade.run import pause, paused, run_upgrade, status
from tests.unit.upgrading.campaign import BAD, GOOD, planned
from tests.unit.upgrading.province import ROOT, SITE


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with Journal.open("sqlite:///journal.db", root=tmp_path) as journal:
        made = Services(root=ROOT, operator="lan")
        made.__dict__["estate"], made.__dict__["journal"] = SITE, journal
        yield made


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


def test_the_latest_campaign_is_the_one_under_way(services: Services) -> None:
    """One that was begun later and refused everything does not stand before it."""
    plan, journal = planned(), services.journal
    journal.keep_plan(plan, operator="lan")
    under_way = journal.open_run(plan, operator="lan", request={"verb": "upgrade"})
    refused = journal.open_run(plan, operator="lan", request={"verb": "upgrade"})
    journal.finish_run(refused.id, RunStatus.FINISHED)
    journal.release_locks(refused.id)
    assert status("latest", services)[0].run.id == under_way.id
    assert pause("latest", services).id == under_way.id
    assert [one.kind for one in journal.controls(under_way.id)] == ["pause"]
    assert paused(under_way.id, services)[0] == "lan"
    journal.request_go_on(under_way.id, operator="mai")
    assert paused(under_way.id, services) == ("", "")
    journal.finish_run(under_way.id, RunStatus.INTERRUPTED)
    journal.release_locks(under_way.id)
    assert status("latest", services)[0].run.id == refused.id
    assert pause("latest", services).id == under_way.id  # which a resume would go on with


def test_nothing_is_paused_that_has_ended(services: Services) -> None:
    plan, journal = planned(), services.journal
    journal.keep_plan(plan, operator="lan")
    run = journal.open_run(plan, operator="lan", request={"verb": "upgrade"})
    journal.finish_run(run.id, RunStatus.FINISHED)
    for name in ("latest", run.id):
        with pytest.raises(Refused, match="there is nothing to pause"):
            pause(name, services)
    assert not journal.controls(run.id)


def test_a_plan_that_was_begun_is_gone_on_with_and_not_begun_again(
    services: Services,
) -> None:
    plan, journal = planned(), services.journal
    journal.keep_plan(plan, operator="lan")
    run = journal.open_run(plan, operator="lan", request={"verb": "upgrade"})
    for ended in (None, RunStatus.INTERRUPTED):
        if ended:
            journal.finish_run(run.id, ended)
        with pytest.raises(Refused, match=f"begun by run {run.id}, which has not ended"):
            run_upgrade(plan.hash, services)
    assert [one.id for one in journal.runs()] == [run.id]
