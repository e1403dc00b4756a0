"""A campaign of four elements in one journal: one bad image, one loses light, one never returns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from dcctl import clock
from dcctl.journal import Journal, ShardLog
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Plan, Step, Wave
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.planning import graph
from dcctl.planning.upgrades import CALENDAR
from dcctl.workflows.rehearsal.sessions import simulated
from dcctl.workflows.services import Services
from tests.unit.upgrading.province import ROOT, SITE, Province, province

GOOD, BAD, DARK, GONE, SPARED = "p01-pe1", "p04-pe1", "p12-pe1", "p14-pe1", "p15-pe1"
FLAGS: dict[str, dict[str, str]] = {
    GOOD: {},
    BAD: {"wrong_version": "17.12.1"},
    DARK: {"drops_light_db": "6"},
    GONE: {"boot_loop": "1"},
}


@dataclass
class Campaign:
    """A journal with one campaign."""

    services: Services
    run: str
    plan: Plan


def campaign(folder: Path) -> Campaign:
    """Runs it, each element in a network of its own, in virtual time."""
    journal = Journal.open("sqlite:///journal.db", root=folder)
    services = Services(root=ROOT, operator="lan")
    services.__dict__["estate"], services.__dict__["journal"] = SITE, journal
    plan = planned()
    with clock.use(clock.ManualClock()):
        journal.keep_plan(plan, operator="lan")
        run = journal.open_run(plan, operator="lan", request={"verb": "upgrade"})
    log = ShardLog(journal.shard_folder(run.id, "g1"), run.id, "g1")
    for step in plan.steps:
        if step.target == SPARED:
            _finish(log, Outcome(step=step.id, target=SPARED, **_SPARED))
            continue
        with province(step.target.partition("-")[0], **FLAGS[step.target]) as place:
            _finish(log, _upgraded(place, step, log))
    log.close()
    with clock.use(clock.ManualClock()):
        journal.import_run(run.id)
        journal.finish_run(run.id, RunStatus.FINISHED)
    return Campaign(services, run.id, plan)


_SPARED: dict[str, Any] = {"status": StepStatus.NOT_STARTED, "reason": NotStarted.UNSURE}


def _upgraded(place: Province, step: Step, log: ShardLog) -> Outcome:
    door = place.door()
    context = replace(door._context, emit=log.emit, keep=log.keep)
    (outcome,) = simulated(place.network)("device_session", context).run([step], place.targets)
    return outcome


def _finish(log: ShardLog, outcome: Outcome) -> None:
    log.emit(
        EventKind.STEP_FINISHED,
        target=outcome.target,
        step=outcome.step,
        durable=True,
        outcome=plain.to_plain(outcome),
    )


def _as_it_lies(step: Step, place: Province) -> Step:
    """The step with the digests of the very file on the element: it is bad, and not damaged."""
    order = dict(step.settings["order"])
    file = dict(order["image"]["files"][0])
    content = place.network.elements[step.target].stores[0].files[file["name"]].content
    file |= {name: hashlib.new(name, content).hexdigest() for name in ("sha512", "md5")}
    order["image"] = {**order["image"], "files": [file | {"size": len(content)}]}
    return replace(step, settings={**step.settings, "order": order})


@cache
def planned() -> Plan:
    """The plan: a canary, three together, one in the wave behind them."""
    steps, targets = [], {}
    for name in (GOOD, BAD, DARK, GONE, SPARED):
        with province(name.partition("-")[0], **FLAGS.get(name, {})) as place:
            steps.append(_as_it_lies(place.step(name, pause_s=60.0), place))
            targets[name] = place.targets[name]
    own = {step.target: step.id for step in steps}
    members = ((GOOD,), (BAD, DARK, GONE), (SPARED,))
    kinds = ("canary", "change", "change")
    waves = graph.upgrade_waves(graph.graph_of(SITE), list(targets))
    plan = Plan(
        verb="upgrade",
        estate=SITE.name,
        lab=False,
        targets=targets,
        steps=tuple(steps),
        waves=tuple(
            Wave(index=n, targets=of, steps=tuple(own[name] for name in of), title=kind)
            for n, (of, kind) in enumerate(zip(members, kinds, strict=True))
        ),
        options={
            "max_failures": 2,
            "upgrade": {"cutting": {}, "lower_bound": 1, "waves": 3},
            CALENDAR: plain.to_plain(SITE.calendar),
        },
        certificate=waves.certificate,
        versions={"dcctl": "0.1.0"},
        created_at="2026-11-22T14:00:00+00:00",
    )
    return replace(plan, hash=plan.content_hash())
