"""An all-or-nothing group, killed (-9) at the journal's boundaries: after resume, all or none.

Two routers move their link to another network. The link's adjacency needs both, and neither is
confirmed without it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dcctl import discovery
from dcctl.model.approval import APPROVED
from dcctl.model.plan import Plan, Wave
from dcctl.model.status import StepStatus
from dcctl.planning.render import render, template_paths
from dcctl.planning.together import with_groups
from dcctl.planning.witnesses import with_witnesses
from tests.unit.running import test_kill_ssh
from tests.unit.running.test_kill import last_record
from tests.unit.running.test_kill_ssh import Fleet, _config

PE, CORE = "p01-pe1", "hl-cor-r1"
WORDS = {PE: "ip address {}.0 255.255.255.254", CORE: "address {}.1/31"}
SPREAD = 4  # how many boundaries the default run takes, evenly

fleet = test_kill_ssh.fleet


@pytest.fixture(autouse=True)
def only_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_kill_ssh, "NAMES", (PE, CORE))


class Pair:
    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        paths = template_paths(discovery.data_root())
        self.texts = {name: render(target, paths) for name, target in fleet.targets.items()}

    def plan(self, net: str) -> Plan:
        steps = []
        for name, target in self.fleet.targets.items():
            old = WORDS[name].format("10.250.1")
            assert old in self.texts[name]
            step = _config(name, "link", self.texts[name].replace(old, WORDS[name].format(net)))
            fellows = {one: t for one, t in self.fleet.targets.items() if one != name}
            steps.append(with_witnesses(step, target, fellows))
        predicted = self.fleet._predict(steps)
        steps = [replace(step, predicted=predicted[step.id]) for step in steps]
        plan = Plan(
            verb="build",
            estate="test",
            lab=True,
            targets=self.fleet.targets,
            steps=with_groups(steps, [(PE, CORE)]),
            waves=(Wave(index=0, targets=(PE, CORE)),),
            options={**self.fleet.options, APPROVED: ["destructive"]},
        )
        return replace(plan, hash=plan.content_hash())

    def at(self, name: str) -> str:
        """The network that the router's link is in now."""
        wanted = self.fleet._predict([_config(name, "probe", self.texts[name])])[
            f"{name}/config:probe"
        ]
        assert wanted is not None
        found = [line for line in wanted if line.startswith("-") and "10.250." in line]
        return found[0] if found else "10.250.1"


@pytest.fixture
def pair(fleet: Fleet) -> Pair:
    return Pair(fleet)


def go(pair: Pair, memory: Path, net: str, boundary: int) -> tuple[Path, Plan, dict[str, Any]]:
    root = memory / f"{net}-{boundary}"
    root.mkdir()
    plan = pair.plan(net)
    return root, plan, pair.fleet.go(root, plan, boundary)


def test_killed_anywhere_a_group_ends_whole(pair: Pair, memory: Path) -> None:
    assert go(pair, memory, "10.250.1", 0)[2]["status"] == 0  # from day zero
    root, _, answer = go(pair, memory, "10.250.200", 0)
    assert answer["status"] == 0
    statuses = [o.status for o in last_record(root).outcomes.values()]
    assert statuses == [StepStatus.CHANGED] * 2
    last = answer["passed"]
    for number, boundary in enumerate(range(last // SPREAD // 2, last, max(1, last // SPREAD))):
        net = f"10.250.{201 + number}"
        root, plan, answer = go(pair, memory, net, boundary)
        assert answer["status"] == -9, boundary
        assert pair.fleet.go(root, plan, 0, resume=True)["status"] == 0, boundary
        outcomes = last_record(root).outcomes.values()
        assert {o.status for o in outcomes} == {StepStatus.CHANGED}, (
            boundary,
            [str(o.message) for o in outcomes],
        )
        assert all(f"{net}." in pair.at(name) for name in (PE, CORE)), boundary
