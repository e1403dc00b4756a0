"""A campaign over all 34 provinces of the sample estate, with three elements that go wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dcctl import clock, concurrency, estate, reports
from dcctl.executors import sealing
from dcctl.journal import Journal
from dcctl.lab.elements import images
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of
from dcctl.model.approval import APPROVED
from dcctl.model.plan import Plan, StepKind
from dcctl.model.record import RunRecord
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning import graph
from dcctl.planning.render import render
from dcctl.running import SerialRunner
from dcctl.workflows.execute import execute
from dcctl.workflows.plan import told_by
from dcctl.workflows.rehearsal.sessions import simulated
from dcctl.workflows.rehearsal.tasks import Tasks
from dcctl.workflows.services import Services
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade
from dcctl.workflows.upgrade.run import check_certificate

ROOT = Path(__file__).parents[2]
SITE = estate.load(ROOT)
LIMIT = "p*-pe*,hl-cor-r1,hl-cor-r2"


@dataclass
class Night:
    """One night: the network, what it wrote about itself, and what dcctl says."""

    network: Network
    seen: list[tuple[str, float, Any]]
    services: Services
    tasks: Tasks

    def plan(self) -> Plan:
        return self.tasks.run(
            partial(plan_upgrade, UpgradeRequest(limit=LIMIT, windows=False), self.services)
        )

    def run(self, plan: Plan) -> RunRecord:
        check_certificate(plan, self.services)
        request = {"verb": "upgrade", APPROVED: ["no_safety_net"]}
        return self.tasks.run(partial(execute, plan, self.services, request=request))

    def notes(self, kind: str, name: str) -> list[str]:
        return [note.text for who, _, note in self.seen if who == name and note.kind == kind]


@contextmanager
def night(folder: Path) -> Iterator[Night]:
    """The whole network, as designed and idle, every image staged."""
    known = graph.graph_of(SITE)
    targets = [SITE.target(name) for name in SITE.names if name in known.hosts]
    targets = [target for target in targets if told_by(target) and target.platform != "frr"]
    tasks = Tasks("the night of the campaign")
    with clock.use(tasks), concurrency.use(tasks):
        plan = plan_of(targets, "campaign", anchors=known.anchors)
        zero = tasks.now().timestamp()
        seen: list[tuple[str, float, Any]] = []
        network = Network(
            plan.chassis,
            plan.links,
            plan.absent,
            now=zero,
            observe=lambda who, at, note, _session: seen.append((who, at, note)),
            anchors=plan.anchors,
            time=lambda: zero + tasks.elapsed,
        )
        for target in targets:
            network.configure(target.name, render(target, [ROOT / "templates"]))
            _stage(network, target.name, target.platform)
        tasks.sleep(4000)
        network.advance()
        seen.clear()
        runner = SerialRunner(build=simulated(network), side_by_side=True)
        key = folder / "backup.key"
        key.write_text(sealing.new_key())
        key.chmod(0o600)
        limits = {"max_failures": 3, "concurrency": 40, "backup_key": f"file:{key}"}
        services = Services(root=ROOT, lab=True, operator="lan", runner=runner, overrides=limits)
        journal = Journal.open("sqlite:///journal.db", root=folder)
        vars(services).update(estate=SITE, journal=journal)
        try:
            yield Night(network, seen, services, tasks)
        finally:
            journal.close()


def _stage(network: Network, name: str, platform: str) -> None:
    element = network.elements[name]
    own = [one for one in SITE.images if one.platform == platform]
    for told, content in images.written(own):
        file = told
        if platform == "nokia_sros":
            _home, file = network.system(name).place(element, f"cf3:/images/{file}")
        held = images.file(file, content, network.now)
        element = replace(element, stores=tuple(one.holding(held) for one in element.stores))
    network.elements[name] = element


@pytest.mark.slow
def test_two_are_taken_back_and_the_third_stops_its_wave(tmp_path: Path) -> None:
    with night(tmp_path) as place:
        plan = place.plan()
        waves = [wave for wave in plan.waves if wave.title != "read"]
        upgraded = [step for step in plan.steps if step.kind is StepKind.UPGRADE]
        assert len(upgraded) == 70
        assert len({plan.targets[step.target].site for step in upgraded}) == 35
        # Where canaries are through: one of them that fails would keep its whole kind back.
        crowd = next(wave for wave in waves if len(wave.targets) == 20)
        bad, dark, gone = crowd.targets[3], crowd.targets[5], waves[-2].targets[0]
        port = next(one for one in plan.targets[dark].interfaces if one.link)
        place.network.fault(bad, "bad_image", {"how": "unit_fails"})
        place.network.fault(dark, "dimmer_after_reload", {"interface": port.name, "db": 6.0})
        place.network.fault(gone, "never_back", {})
        record = place.run(plan)
        outcomes = {o.target: o for s, o in record.steps() if s.kind is StepKind.UPGRADE}
        told = {name: f"{one.status}: {one.message}" for name, one in outcomes.items()}

        assert outcomes[bad].status is StepStatus.FAILED, told[bad]
        assert outcomes[dark].status is StepStatus.FAILED, told[dark]
        assert "6.0 dB" in told[dark]
        for name in (bad, dark):
            assert "runs again" in told[name]
            assert place.network.elements[name].software.release == plan_of_release(plan, name)
            assert place.notes("drain", name) == ["set", "cleared"]
        assert outcomes[gone].status is StepStatus.ERROR, told[gone]

        later = {name for wave in waves[-1:] for name in wave.targets}
        assert {outcomes[name].reason for name in later} <= {
            NotStarted.UNSURE,
            NotStarted.REDUNDANCY,
        }
        rest = set(outcomes) - later - {bad, dark, gone}
        not_changed = {n: told[n] for n in rest if outcomes[n].status is not StepStatus.CHANGED}
        assert all(n in waves[-2].targets or "REDUNDANCY" in t for n, t in not_changed.items()), (
            not_changed
        )
        for name in rest - set(not_changed):
            assert place.network.elements[name].software.release != plan_of_release(plan, name)
            assert place.notes("drain", name)[-1] == "cleared"

        # The network's own log: no province was ever without a way, but the one whose PE is gone
        # still has its other one.
        assert place.notes("outage", "") == []
        told_so(record, (bad, dark), gone)


def told_so(record: RunRecord, taken_back: tuple[str, ...], gone: str) -> None:
    """Every report says who was taken back, who never came back, and what that stopped."""
    steps = [(step.target, one) for step, one in record.steps() if step.kind is StepKind.UPGRADE]
    changed = sum(one.status is StepStatus.CHANGED for _, one in steps)
    idle = sum(one.status is StepStatus.NOT_STARTED for _, one in steps)
    number = next(wave.index + 1 for wave in record.plan.waves if gone in wave.targets)
    page = re.sub(r"<[^>]+>|\*\*", "", reports.render(record, "html", "en").decode())
    paper = reports.render(record, "markdown", "en").decode().replace("**", "")
    counts = f"{changed} of {len(steps)} upgraded, {len(taken_back)} taken back, 1 not as they"
    for text in (page, paper):
        assert f"{counts} should be, {idle} not touched" in text
        assert f"stopped in wave {number} by {gone} (never came back); not begun: " in text
    lines = {line.split()[2]: line for line in paper.splitlines() if re.match(r"- [✔✘?] ", line)}
    assert all(
        "taken back, " in lines[name] and " runs again: " in lines[name] for name in taken_back
    )
    assert "has not answered for" in lines[gone]
    told = json.loads(reports.render(record, "json", "en"))["outcomes"]
    ends = {one["target"]: one["status"] for one in told.values() if "/upgrade:" in one["step"]}
    assert [ends[name] for name in (*taken_back, gone)] == ["failed", "failed", "error"]
    vietnamese = reports.render(record, "markdown", "vi").decode()
    assert "never came back" not in vietnamese
    assert gone in vietnamese


def plan_of_release(plan: Plan, name: str) -> str:
    """The release that the plan saw."""
    step = next(s for s in plan.steps if s.target == name and s.kind is StepKind.UPGRADE)
    return str(step.settings["order"]["running"])
