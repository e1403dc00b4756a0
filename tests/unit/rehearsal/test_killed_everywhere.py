"""The controller killed at boundaries of the journal of a whole wave, and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dcctl import clock, concurrency
from dcctl.model.event import EventKind
from dcctl.model.record import RunRecord
from dcctl.model.status import RunStatus, StepStatus
from dcctl.workflows.rehearsal import estates
from dcctl.workflows.rehearsal.drawn import built
from dcctl.workflows.rehearsal.sessions import Wire
from dcctl.workflows.rehearsal.tasks import KilledError, Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import World
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade

SHARES = 1  # boundaries that the default tests take


class Deadly:
    """Kills once, at a boundary of what is told of steps (from 1; 0: never)."""

    def __init__(self, tasks: Tasks, deadly: int) -> None:
        self._tasks, self.deadly = tasks, deadly
        self.passed = 0
        self.armed = False

    def boundary(self, *, weighs: bool) -> None:
        if self._tasks.dead:
            self._tasks.kill()
        if self.armed and weighs:
            self.passed += 1
            if self.passed == self.deadly:
                self._tasks.kill()

    def told(self, kind: EventKind, target: str, data: Mapping[str, Any]) -> None:
        del kind, target, data


def campaign(folder: Path, deadly: int) -> tuple[RunRecord, Truth, int]:
    """A campaign over a centre and two pairs, its controller killed at one boundary."""
    tasks = Tasks(deadly)
    with clock.use(tasks), concurrency.use(tasks):
        estate = estates.draw(Random(3), 6, folder, {})
        truth = Truth(estate)
        network = built(estate, truth, tasks)
        fate = Deadly(tasks, deadly)
        world = World(folder, tasks, truth, fate, Wire())
        with world.journal() as journal:
            plan = tasks.run(
                partial(plan_upgrade, UpgradeRequest(accept_cuts=True), world.services(journal))
            )
        fate.armed = True
        record = None
        while record is None or record.run.status is not RunStatus.FINISHED:
            try:
                with world.journal() as journal:
                    runs = [run for run in journal.runs() if run.verb == plan.verb]
                    record = world.start(plan, journal, runs[0] if runs else None)
            except KilledError:
                tasks.sleep(30.0)
        tasks.sleep(60.0)
        network.advance()
        truth.settle(plan, record)
        return record, truth, fate.passed


def assert_whole(record: RunRecord, truth: Truth) -> None:
    assert not truth.wrong, "\n".join([*truth.trace[-120:], *truth.wrong])
    for step, outcome in record.steps():
        if step.changes:
            assert outcome.status in {StepStatus.CHANGED, StepStatus.FAILED}, outcome
    assert all(len(boots) == 1 for boots in truth.boots.values()), truth.boots


def boundaries(folder: Path) -> int:
    record, truth, passed = campaign(folder, 0)
    assert_whole(record, truth)
    return passed


def test_killed_here_and_there(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    passed = boundaries(tmp_path / "clean")
    for share in range(1, SHARES + 1):
        (tmp_path / str(share)).mkdir()
        assert_whole(*campaign(tmp_path / str(share), passed * share // (SHARES + 1))[:2])


@pytest.mark.slow
def test_killed_at_every_boundary(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    for deadly in range(1, boundaries(tmp_path / "clean") + 1):
        (tmp_path / str(deadly)).mkdir()
        assert_whole(*campaign(tmp_path / str(deadly), deadly)[:2])
