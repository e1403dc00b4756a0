"""What an audit's remedies foretell is what the applied plan then gives; nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from dcctl import clock, concurrency, estate
from dcctl.executors import sealing
from dcctl.journal import Journal
from dcctl.lab import pki
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of
from dcctl.model.approval import APPROVED
from dcctl.model.plan import StepKind
from dcctl.model.remedy import Means
from dcctl.model.status import FindingStatus, StepStatus
from dcctl.planning import graph
from dcctl.planning.render import render
from dcctl.running import SerialRunner
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.remediate import RemediateRequest, remediate
from dcctl.workflows.backup import BackupRequest, backup
from dcctl.workflows.execute import execute
from dcctl.workflows.rehearsal.sessions import simulated
from dcctl.workflows.rehearsal.tasks import Tasks
from dcctl.workflows.services import Services

ROOT = Path(__file__).parents[3]
NAMES = ("p01-pe1", "p51-pe1")
LIMIT = ",".join(NAMES)


@contextmanager
def factory_new(folder: Path) -> Iterator[tuple[Services, Tasks]]:
    """Two elements as they come out of the box, their neighbours as designed."""
    site = estate.load(ROOT)
    tasks = Tasks("remedies")
    with clock.use(tasks), concurrency.use(tasks):
        known = graph.graph_of(site)
        near = {port.peer for name in NAMES for port in site.target(name).interfaces if port.link}
        there = [site.target(name) for name in sorted({*NAMES, *near})]  # witnesses are asked
        pki.invent(folder / ".dcctl/lab", there)
        plan = plan_of(there, "remedies", anchors=known.anchors)
        zero = tasks.now().timestamp()
        network = Network(
            plan.chassis,
            plan.links,
            plan.absent,
            now=zero,
            observe=lambda *_: None,
            anchors=plan.anchors,
            time=lambda: zero + tasks.elapsed,
        )
        for name in near:
            network.configure(name, render(site.target(name), [ROOT / "templates"]))
        tasks.sleep(4000)
        network.advance()
        key = folder / "backup.key"
        key.write_text(sealing.new_key())
        key.chmod(0o600)
        runner = SerialRunner(build=simulated(network), side_by_side=True)
        limits = {"backup_key": f"file:{key}"}
        services = Services(root=folder, lab=True, operator="lan", runner=runner, overrides=limits)
        journal = Journal.open("sqlite:///journal.db", root=folder)
        vars(services).update(estate=site, journal=journal)
        try:
            yield services, tasks
        finally:
            journal.close()


def test_what_is_foretold_is_what_comes(tmp_path: Path) -> None:
    with factory_new(tmp_path) as (services, tasks):
        tasks.run(partial(collect, CollectRequest(limit=LIMIT), services))
        tasks.run(partial(backup, BackupRequest(limit=LIMIT), services))
        # The latest run is the backup; what is judged is the latest audit.
        found, plan = remediate(RemediateRequest(offline=True, settle_s=0), services)
        assert plan is not None
        assert {step.kind for step in plan.steps if step.changes} == {StepKind.CONFIG}
        before = statuses("latest", services)
        foretold = {(one.requirement, one.target): one.after for one in found.foretold}
        assert len(foretold) > 10
        assert not any(one.worse for one in found.foretold)

        request = {"verb": "build", APPROVED: ["destructive", "reload", "no_safety_net"]}
        record = tasks.run(partial(execute, plan, services, request=request))
        told = {one.target: str(one.message) for step, one in record.steps() if step.changes}
        assert {one.status for step, one in record.steps() if step.changes} == {
            StepStatus.CHANGED
        }, told
        tasks.sleep(4000)
        tasks.run(partial(collect, CollectRequest(limit=LIMIT), services))
        assert statuses("latest", services) == before | foretold


def test_without_a_backup_nothing_is_foretold_and_all_is_planned(tmp_path: Path) -> None:
    with factory_new(tmp_path) as (services, tasks):
        tasks.run(partial(collect, CollectRequest(limit="p01-pe1"), services))
        found, plan = remediate(RemediateRequest(offline=True), services)
    assert plan is not None
    assert found.unforetold == ("p01-pe1",)
    assert not found.foretold
    assert {(one.means, one.foretold) for one in found.remedies} == {(Means.CONFIGURATION, None)}


def statuses(run: str, services: Services) -> dict[tuple[str, str], FindingStatus]:
    found = evaluate(EvaluateRequest(run=run), services).assessment
    assert found is not None
    return {(one.requirement, one.target): one.status for one in found.results if one.target}
