"""The controller killed at the boundaries of the journal of a whole wave, and resumed.

A boundary is the moment before or after a durable event of a shard's log, or a transaction of the
journal. Where no time passed since the boundary before, nothing was sent to anybody either: it is
the same moment, and one of the two is enough. What is asserted of elements comes from their own
log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dcctl import clock, concurrency
from dcctl.model.event import EventKind
from dcctl.model.plan import Plan, StepKind
from dcctl.model.record import RunRecord
from dcctl.model.status import RunStatus, StepStatus
from dcctl.workflows.rehearsal import estates, makes
from dcctl.workflows.rehearsal.drawn import built
from dcctl.workflows.rehearsal.sessions import Wire
from dcctl.workflows.rehearsal.tasks import KilledError, Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import World
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade

SPREAD = 1  # boundaries that the default tests take, besides those that a resume once failed at
PARTS = 8  # in which the slow one goes through all of them
TURNS = 3  # of the moments when traffic is turned, which the other makes take
XE = "c8500-12x4qc"
OTHERS = sorted({make.short for make in makes.MAKES} - {XE})
LED_BACK = (True, "undrain ended")
DRAWN = 4  # two cores and four pairs
LIMIT = "s01-r1,s01-r2,s02-r1,s02-r2,s03-r1,s04-r1"


@dataclass
class Deadly:
    """Kills once, at a boundary (from 1; 0: never)."""

    tasks: Tasks
    deadly: int
    armed: bool = False
    passed: list[tuple[str, float]] = field(default_factory=list)  # whose event, when
    told_at: list[tuple[int, str, str]] = field(default_factory=list)  # boundary, whose, what

    def boundary(self, *, weighs: bool, durable: bool, target: str = "") -> None:
        del weighs
        if self.tasks.dead:
            self.tasks.kill()
        if self.armed and durable:
            self.passed.append((target, self.tasks.elapsed))
            if len(self.passed) == self.deadly:
                self.tasks.kill()

    def told(self, kind: EventKind, target: str, data: Mapping[str, Any]) -> None:
        what = f"{data['phase']} {data['state']}" if "phase" in data else kind.value
        self.told_at.append((len(self.passed), target, what))


@dataclass
class Ended:
    """A campaign at its end."""

    plan: Plan
    record: RunRecord
    truth: Truth
    fate: Deadly
    kills: int

    @property
    def wave(self) -> tuple[str, ...]:
        """The wave of four elements."""
        return next(one.targets for one in self.plan.waves if len(one.targets) >= 4)


def campaign(
    folder: Path,
    deadly: int,
    make: str = XE,
) -> Ended:
    """A campaign over the same elements, its controller killed at one boundary."""
    folder.mkdir()
    tasks = Tasks("chaos")
    with clock.use(tasks), concurrency.use(tasks):
        estate = estates.draw(Random(DRAWN), 10, folder, {}, makes.named(make))
        truth = Truth(estate)
        network = built(estate, truth, tasks)
        fate = Deadly(tasks, deadly)
        world = World(folder, tasks, truth, fate, Wire())
        request = UpgradeRequest(accept_cuts=True, limit=LIMIT)
        with world.journal() as journal:
            plan = tasks.run(partial(plan_upgrade, request, world.services(journal)))
        fate.armed = True
        record, kills = None, 0
        while record is None or record.run.status is not RunStatus.FINISHED:
            try:
                with world.journal() as journal:
                    runs = [run for run in journal.runs() if run.verb == plan.verb]
                    record = world.start(plan, journal, runs[0] if runs else None)
            except KilledError:
                kills += 1
                tasks.sleep(30.0)
        tasks.sleep(60.0)
        network.advance()
        truth.settle(plan, record)
        return Ended(plan, record, truth, fate, kills)


def assert_whole(ended: Ended) -> None:
    truth = ended.truth
    assert not truth.wrong, "\n".join([*truth.trace[-120:], *truth.wrong])
    for step, outcome in ended.record.steps():
        if step.kind is StepKind.UPGRADE:
            assert outcome.status is StepStatus.CHANGED, (
                f"{step.target} {outcome}",
                truth.trace[-200:],
            )
    names = {step.target for step in ended.plan.steps if step.kind is StepKind.UPGRADE}
    assert truth.boots.keys() == names
    assert all(len(boots) == 1 for boots in truth.boots.values()), truth.boots


def boundaries(ended: Ended) -> list[int]:
    """Those of the wave, out of a campaign that nobody killed."""
    assert_whole(ended)
    groups = [
        {group.name for group in ended.truth.estate.redundancy if name in group.members}
        for name in ended.wave
    ]
    assert len(set().union(*groups)) >= 2
    passed = ended.fate.passed
    own = [n for n, (target, _) in enumerate(passed, 1) if target in ended.wave]
    return [
        number
        for number in range(own[0] - 1, own[-1] + 2)
        # They come in twos, before and after; a first one may be the last one's very moment.
        if number % 2 == 0 or passed[number - 1][1] != passed[number - 2][1]
    ]


def known(ended: Ended) -> set[int]:
    """One of the wave leads traffic back while another is done with it; its last has just ended."""
    led_back = (n for n, name, what in ended.fate.told_at if (name in ended.wave, what) == LED_BACK)
    return {next(led_back), boundaries(ended)[-1]}


def killed_at(numbers: Iterable[int], folder: Path) -> None:
    for number in numbers:
        ended = campaign(folder / str(number), number)
        assert ended.kills == 1, number
        assert_whole(ended)


def test_killed_here_and_there(tmp_path: Path) -> None:
    ended = campaign(tmp_path / "clean", 0)
    found = boundaries(ended)
    assert len(found) > 200
    spread = {found[len(found) * n // (SPREAD + 1)] for n in range(1, SPREAD + 1)}
    killed_at(spread.union(known(ended)), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_boundary(part: int, tmp_path: Path) -> None:
    killed_at(boundaries(campaign(tmp_path / "clean", 0))[part::PARTS], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("make", OTHERS)
def test_other_makes_killed_while_traffic_is_turned(make: str, tmp_path: Path) -> None:
    """What a dead session leaves unconfirmed differs from make to make: all ends as without it."""
    clean = campaign(tmp_path / "clean", 0, make)
    turning = [
        number
        for number, target, what in clean.fate.told_at
        if target in clean.wave and what.split()[0] in ("drain", "moved", "undrain", "soak")
    ]
    assert len(turning) == 4 * 8
    for number in turning[::TURNS]:
        ended = campaign(tmp_path / str(number), number, make)
        assert ended.kills == 1, number
        assert not ended.truth.wrong, "\n".join([*ended.truth.trace[-120:], *ended.truth.wrong])
        assert ends(ended) == ends(clean), (number, ended.truth.trace[-200:])


def ends(ended: Ended) -> dict[str, tuple[StepStatus, int]]:
    """How each element ended, and how often it booted."""
    boots = ended.truth.boots
    return {
        step.target: (outcome.status, len(boots.get(step.target, ())))
        for step, outcome in ended.record.steps()
        if step.kind is StepKind.UPGRADE
    }
