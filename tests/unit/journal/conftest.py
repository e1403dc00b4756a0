"""A journal, a small plan, and shards written into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dcctl.journal import Journal, ShardLog
from dcctl.model.event import EventKind
from dcctl.model.outcome import Finding, Outcome, Reading
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.record import Run
from dcctl.model.status import FindingStatus, ReadingStatus, Severity, StepStatus
from dcctl.model.target import Target

URL = "sqlite:///.dcctl/journal.db"


def small_plan(**more) -> Plan:
    """Two managed targets and one that no driver reaches; a change and a reading each."""
    targets = {
        name: Target(name=name, platform=platform, kind="server")
        for name, platform in (("a", "linux"), ("b", "linux"), ("u", "unmanaged"))
    }
    steps = tuple(step for name in targets for step in (_change(name), _collect(name)))
    plan = Plan(
        verb="build",
        estate="test",
        lab=True,
        targets=targets,
        steps=steps,
        waves=(Wave(index=0, targets=tuple(targets)),),
        checks={"version.reachable": {}},
        **more,
    )
    return replace(plan, hash=plan.content_hash())


def _change(name: str) -> Step:
    return Step(
        id=f"{name}/role:base",
        target=name,
        kind=StepKind.ROLE,
        name="base",
        executor="ansible_roles",
        changes=True,
    )


def _collect(name: str) -> Step:
    return Step(
        id=f"{name}/collect:facts",
        target=name,
        kind=StepKind.COLLECT,
        name="facts",
        executor="server_shell",
        changes=False,
        settings={"topics": ["version"], "checks": ["version.reachable"]},
    )


def outcome(step: str, status: StepStatus = StepStatus.CHANGED, **more) -> Outcome:
    return Outcome(step=step, target=step.split("/", maxsplit=1)[0], status=status, **more)


def finding(name: str, status: FindingStatus = FindingStatus.PASS) -> Finding:
    return Finding(
        check="version.reachable", target=name, status=status, severity=Severity.CRITICAL
    )


def write_target(log: ShardLog, name: str, *, text: str = "evidence") -> None:
    """What a worker writes of one target that went well."""
    log.emit(EventKind.STEP_STARTED, target=name, step=f"{name}/role:base", durable=True)
    log.emit(
        EventKind.STEP_FINISHED,
        target=name,
        step=f"{name}/role:base",
        outcome=outcome(f"{name}/role:base"),
    )
    step = f"{name}/collect:facts"
    log.emit(EventKind.STEP_STARTED, target=name, step=step)
    digest = log.keep(f"{text} of {name}", target=name)
    reading = Reading(topic="version", status=ReadingStatus.EMPTY, evidence=(digest,))
    log.emit(
        EventKind.READING,
        target=name,
        step=step,
        topic=reading.topic,
        status=reading.status,
        value=None,
        evidence=reading.evidence,
    )
    log.emit(EventKind.FINDING, target=name, step=step, finding=finding(name))
    log.emit(EventKind.STEP_FINISHED, target=name, step=step, outcome=outcome(step, StepStatus.OK))


def write_shard(journal: Journal, run: Run, shard: str, *names: str) -> Path:
    folder = journal.shard_folder(run.id, shard)
    with ShardLog(folder, run.id, shard) as log:
        for name in names:
            write_target(log, name)
    return folder


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(URL, root=tmp_path) as opened:
        yield opened


@pytest.fixture
def run(journal: Journal) -> Run:
    return journal.open_run(small_plan(), operator="test", request={"limit": "all"})
