"""Staging over SSH, killed (-9) at the journal's boundaries and resumed: the files are whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dcctl import discovery, estate
from dcctl.executors.device_session import DeviceSessions
from dcctl.lab.elements import images
from dcctl.model import plain
from dcctl.model.plan import Plan, Wave
from dcctl.model.status import RunStatus, StepStatus
from dcctl.model.upgrade import StagingPolicy
from dcctl.planning.staging import stage_order, stage_step
from dcctl.platforms import get
from tests.unit.executors.conftest import Elements, Maker, raiser
from tests.unit.running.test_kill import Forker, last_record

NAMES = ("p01-pe1", "p08-pe1")  # by SCP, by SFTP
SPREAD = 4  # how many boundaries the default run takes, evenly


@dataclass
class Bed:
    lab: Elements
    folder: Path
    forker: Forker
    contexts: Maker

    def plan(self) -> Plan:
        known = estate.load(discovery.data_root()).images
        steps = []
        for target in self.lab.targets.values():
            image = next(one for one in known if one.platform == target.platform)
            order = stage_order(target, image, None, StagingPolicy(), folder=str(self.folder))
            steps.append(stage_step(target, get(target.platform), order))
        context = self.lab.context(self.contexts)
        plan = Plan(
            verb="stage",
            estate="test",
            lab=True,
            targets=self.lab.targets,
            steps=tuple(steps),
            waves=(Wave(index=0, targets=NAMES),),
            options={**context.options, "concurrency": 2},
        )
        return replace(plan, hash=plan.content_hash())

    def emptied(self) -> None:
        executor = DeviceSessions(self.lab.context(self.contexts))
        for target in self.lab.targets.values():
            upgrade, session = get(target.platform).upgrade, executor.session(target)
            assert upgrade is not None
            assert upgrade.remove is not None
            with session.changing():
                session.configure(
                    ("ip scp server enable",) if target.platform == "cisco_xe" else ()
                )
                for store in upgrade.stores(session):
                    for name in set(store.files) & {one.name for one in self.folder.iterdir()}:
                        upgrade.remove(session, store, name)
        executor.close()

    def go(self, root: Path, plan: Plan, boundary: int, *, resume: bool = False) -> dict[str, int]:
        return self.forker(
            root=str(root),
            plan=plain.to_plain(plan),
            build="dcctl.executors:build",
            load=["dcctl.executors.device_session", "netmiko"],
            boundary=boundary,
            resume=resume,
        )


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[Bed]:
    sample = estate.load(discovery.data_root())
    folder = tmp_path / "images"
    folder.mkdir()
    for name, content in images.written(sample.images):
        if "/" not in name:
            (folder / name).write_bytes(content)
    forker = Forker()
    try:
        with raiser(sample, tmp_path) as raising:
            yield Bed(raising(*NAMES), folder, forker, Maker(tmp_path))
    finally:
        forker.close()


def killed_and_resumed(bed: Bed, memory: Path, chosen) -> None:
    plan = bed.plan()
    bed.emptied()
    (memory / "reference").mkdir()
    answer = bed.go(memory / "reference", plan, 0)
    assert answer["status"] == 0
    continued = 0
    for boundary in chosen(answer["passed"]):
        bed.emptied()
        root = memory / f"at-{boundary}"
        root.mkdir()
        assert bed.go(root, plan, boundary)["status"] == -9, boundary
        assert bed.go(root, plan, 0, resume=True)["status"] == 0, boundary
        record = last_record(root)
        assert record.run.status is RunStatus.FINISHED
        for outcome in record.outcomes.values():
            assert outcome.status is StepStatus.CHANGED, (boundary, outcome)
            continued += int(outcome.data.get("continued", 0))
        proven(bed)
    assert continued > 0  # at least one was cut midway, and not begun anew


def proven(bed: Bed) -> None:
    """The elements' own digests, asked anew."""
    executor = DeviceSessions(bed.lab.context(bed.contexts))
    steps = bed.plan().steps
    assert set(executor.predict(steps, bed.lab.targets).values()) == {()}
    executor.close()


def test_killed_at_some_boundaries_then_resumed(bed: Bed, memory: Path) -> None:
    killed_and_resumed(
        bed, memory, lambda last: range(last // 4, last, max(1, 3 * last // SPREAD // 4))
    )


@pytest.mark.slow
def test_killed_at_every_boundary_then_resumed(bed: Bed, memory: Path) -> None:
    killed_and_resumed(bed, memory, lambda last: range(1, last))
