"""A campaign that was interrupted is resumed in one way, whichever verb is asked to."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dcctl import clock, platforms
from dcctl.errors import Refused, StalePlan
from dcctl.estate.signers import FILE
from dcctl.model import plain
from dcctl.model.approval import Purpose, Role
from dcctl.model.estate import UpgradePolicy
from dcctl.model.plan import Plan, StepKind, Wave
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus, StepStatus
from dcctl.model.upgrade import Image
from dcctl.planning import graph, make_plan
from dcctl.planning.upgrades import Wish, upgrade_step
from dcctl.workflows import approve, runs, statements
from dcctl.workflows.execute import versions
from dcctl.workflows.services import Services, open_site
from dcctl.workflows.upgrade.run import pause, resume_upgrade
from tests.unit.estate import site
from tests.unit.workflows.keys import make_key, public, signed

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
IMAGE = Image(name="new", platform="cisco_xe", version="17.12.4", files=())
HOSTS = "inventory/hosts/routers.yml"
TOPOLOGY = "inventory/topology.yml"
RESUMED = pytest.mark.parametrize("resumed", [runs.resume, resume_upgrade], ids=["runs", "upgrade"])


class Night:
    """A campaign that `an` made, paused and interrupted; nobody is at r1's door."""

    def __init__(self, root: Path) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        there = f"ansible_host: 127.0.0.1\n      ansible_port: {port}"
        routers = site.changed(HOSTS, ("ansible_host: 10.0.0.1\n", f"{there}\n"))
        self.root = site.write(root, routers)
        self.key = make_key(root, "binh")
        (self.root / FILE).write_text(f"binh@dc.vn {public(self.key)}\n")
        with self.opened("an") as services:
            self.plan = _plan(services)
            services.journal.keep_plan(self.plan, operator="an")
            self.run: Run = services.journal.open_run(self.plan, operator="duc", request={})
            pause(self.run.id, services)
            services.journal.finish_run(self.run.id, RunStatus.INTERRUPTED)
            text = (self.root / "dcctl.yml").read_text()
            (self.root / "dcctl.yml").write_text(f"{text}journal: {{id: {services.journal.id}}}\n")

    def opened(self, operator: str) -> Services:
        return open_site(self.root, operator=operator)

    def sign(self) -> None:
        with self.opened("binh") as services:
            text = statements.of_plan(
                self.plan, services, approver="binh@dc.vn", role=Role.APPROVER
            )
            text = plain.canonical(json.loads(text)).decode() + "\n"
            made = signed(text, self.key, Purpose.PLAN.value)
            approve.take(self.plan, text, made, services)


def _plan(services: Services) -> Plan:
    """r1 to another release, as the planner would have made it."""
    targets = {name: services.estate.target(name) for name in ("r1",)}
    wish = Wish(
        target=targets["r1"],
        platform=platforms.get("cisco_xe"),
        image=IMAGE,
        running="17.9.4",
    )
    step = upgrade_step(wish, UpgradePolicy(), gates={})
    return make_plan(
        verb="upgrade",
        estate=services.estate.name,
        lab=False,
        targets=targets,
        steps=(step,),
        waves=(Wave(index=0, targets=("r1",), steps=(step.id,)),),
        options={"credentials": dict(services.estate.site_config.credentials)},
        versions=versions(),
        digests={graph.DIGEST: graph.digest_of(services.estate)},
    )


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NETOPS", "not asked for")
    with clock.use(clock.ManualClock(NOW)):
        yield Night(tmp_path)


@RESUMED
def test_it_asks_for_the_signatures_again(
    night: Night, resumed: Callable[[str, Services], RunRecord]
) -> None:
    with night.opened("duc") as services, pytest.raises(Refused, match="still needs to be app"):
        resumed(night.run.id, services)
    with night.opened("duc") as services:
        assert services.journal.asked_of(night.run.id).pause
        assert services.journal.run(night.run.id).status is RunStatus.INTERRUPTED
    night.sign()
    with night.opened("binh") as services, pytest.raises(Refused, match="binh, who asks"):
        resumed(night.run.id, services)


@RESUMED
def test_it_takes_the_pause_back(
    night: Night, resumed: Callable[[str, Services], RunRecord]
) -> None:
    night.sign()
    with night.opened("duc") as services:
        record = resumed(night.run.id, services)
        (told,) = [outcome for _, outcome in record.steps()]
        assert (told.status, told.reason) == (StepStatus.UNREACHABLE, ""), str(told.message)
        asked = [(one.kind, one.operator) for one in services.journal.controls(night.run.id)]
        assert asked == [("pause", "an"), ("go_on", "duc")]


@RESUMED
@pytest.mark.parametrize(
    ("old", "new"),
    [("metric: 20", "metric: 30"), ("    kind: fibre\n", "    kind: fibre\n    ducts: [d1]\n")],
    ids=["metric", "duct"],
)
def test_it_is_stale_on_another_topology(
    night: Night, resumed: Callable[[str, Services], RunRecord], old: str, new: str
) -> None:
    night.sign()
    topology = night.root / TOPOLOGY
    topology.write_text(site.changed(TOPOLOGY, (old, new))[TOPOLOGY])
    with night.opened("duc") as services, pytest.raises(StalePlan, match=r"topology\.yml") as stale:
        resumed(night.run.id, services)
    assert "upgrade plan" in str(stale.value.hint)


def test_a_campaign_that_has_ended_is_planned_anew(night: Night) -> None:
    with night.opened("duc") as services:
        services.journal.finish_run(night.run.id, RunStatus.FINISHED)
        with pytest.raises(Refused, match="nothing to resume") as ended:
            runs.resume(night.run.id, services)
        with pytest.raises(Refused, match="planned anew") as again:
            runs.rerun(night.run.id, services, failed=True)
    assert {str(error.value.hint).count("upgrade plan") for error in (ended, again)} == {1}


def test_a_run_that_upgrades_nothing_is_no_campaign(night: Night) -> None:
    with night.opened("duc") as services:
        other = replace(night.plan, verb="build", steps=())
        other = replace(other, hash=other.content_hash())
        run = services.journal.open_run(other, operator="duc", request={})
        for verb in (pause, resume_upgrade):
            with pytest.raises(Refused, match="is no upgrade campaign"):
                verb(run.id, services)
    assert all(step.kind is StepKind.UPGRADE for step in night.plan.steps)
