"""A real role on a real host, killed (-9) at the journal's boundaries and resumed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dcctl import checks, lab
from dcctl.model import plain
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.status import FindingStatus, StepStatus
from tests.lab.conftest import need_root
from tests.lab.test_roles import MUTATIONS, ROLES, Stage, stage_at
from tests.unit.running.test_kill import Forker, last_record

pytestmark = [pytest.mark.lab, pytest.mark.slow]

HOST, ROLE = "hl-mgt", "base"
GOOD = {StepStatus.CHANGED, StepStatus.OK}
EVERY = 3  # a boundary costs two runs of Ansible: every third, which falls on each kind of event


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    need_root()
    built = stage_at(tmp_path_factory.mktemp("kill"), "hl-mgt", "hl-sto")
    yield built
    lab.down(built.site.folder)


def plan_of(stage: Stage) -> Plan:
    (change,) = (step for step in stage.steps(ROLE) if step.target == HOST)
    verify = list(ROLES[ROLE].verify)
    predicted = stage.predict(ROLE)[change.id]
    read = Step(
        id=f"{HOST}/collect:facts",
        target=HOST,
        kind=StepKind.COLLECT,
        name="facts",
        executor="server_shell",
        changes=False,
        settings={"topics": topics(verify), "checks": verify},
    )
    plan = Plan(
        verb="build",
        estate="test",
        lab=True,
        targets={HOST: stage.targets[HOST]},
        steps=(dataclasses.replace(change, predicted=predicted), read),
        waves=(Wave(index=0, targets=(HOST,)),),
        checks={name: dict(checks.all_checks()[name].parameters) for name in verify},
        options={**stage.context().options, "concurrency": 1},
    )
    return dataclasses.replace(plan, hash=plan.content_hash())


def topics(names: list[str]) -> list[str]:
    return sorted({topic for name in names for topic in checks.all_checks()[name].topics})


def test_a_role_killed_then_resumed(stage: Stage, tmp_path: Path) -> None:
    stage.apply(ROLE)
    forker = Forker()

    def spoil() -> None:
        stage.site.inside(HOST, *MUTATIONS[ROLE])
        assert not stage.passes(ROLE, HOST)

    def go(root: Path, plan: Any, boundary: int, *, resume: bool = False) -> dict[str, int]:
        return forker(
            root=str(root),
            site_root=str(stage.site.root),
            plan=plan,
            build="dcctl.executors:build",
            boundary=boundary,
            resume=resume,
        )

    def told(root: Path) -> Any:
        record = last_record(root)
        assert record.orphans == ()
        wrong = [o for o in record.outcomes.values() if o.status not in GOOD]
        assert wrong == []
        failed = [f for f in record.findings if f.status is not FindingStatus.PASS]
        assert failed == []
        return {name: o.status for name, o in record.outcomes.items()}

    try:
        spoil()
        plan = plain.to_plain(plan_of(stage))
        root = tmp_path / "reference"
        root.mkdir()
        answer = go(root, plan, 0)
        assert answer["status"] == 0
        expected = told(root)
        assert set(expected.values()) == GOOD
        for boundary in range(1, answer["passed"], EVERY):
            spoil()
            root = tmp_path / f"at-{boundary}"
            root.mkdir()
            assert go(root, plan, boundary)["status"] == -9, boundary
            assert go(root, plan, 0, resume=True)["status"] == 0, boundary
            assert told(root) == expected, boundary
            assert stage.passes(ROLE, HOST), boundary
    finally:
        forker.close()
