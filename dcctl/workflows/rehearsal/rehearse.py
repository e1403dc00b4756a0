"""Rehearse a campaign: the very same code against twins, at once; then with a fault at every step.

The twins start from the last backups and the releases that were seen. The run without faults says
how long each wave takes; the trials say what is survived, and what would need a person.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import clock, concurrency
from dcctl.model.plan import Plan, Step, StepKind
from dcctl.model.rehearsal import Ending, Forecast, Rehearsal, Trial
from dcctl.model.status import RunStatus, StepStatus
from dcctl.text import Text
from dcctl.workflows.rehearsal import forecast, trying, twins
from dcctl.workflows.rehearsal.tasks import KilledError, Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import World
from dcctl.workflows.upgrade.mop import campaign_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dcctl.model.outcome import Outcome
    from dcctl.model.record import RunRecord
    from dcctl.workflows.services import Services

_STARTS = 4  # of a trial whose controller dies
_GONE_S = 120.0  # between a controller's death and its resume
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearseRequest:
    """Which plan; with `every`, the faults are played on every element, not on one of each kind."""

    plan: str
    faults: bool = True
    every: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What came of one rehearsed night."""

    record: RunRecord
    seconds: float
    wrong: tuple[str, ...]
    played: bool


def rehearse(
    request: RehearseRequest,
    services: Services,
    heard: Callable[[int, int], None] = lambda _done, _of: None,
) -> Rehearsal:
    """Rehearse a plan; `heard` is told of each trial that is done.

    Raises:
        NotFound: no such plan. InvalidInput: it upgrades nothing.
    """
    plan = campaign_plan(request.plan, services)
    made_at = clock.now().isoformat()
    known = forecast.took(services.journal, plan)
    measured = forecast.pace(services.journal, plan)
    hall = Hall(
        twins.cast(plan, services), services, measured or (forecast.COMMAND_S, forecast.LOGIN_S)
    )
    clean = hall.night(hall.cast.plan)
    elements = tuple(_forecasts(hall.cast, clean.record, known))
    seconds = {one.name: one.seconds for one in elements}
    trials = tuple(hall.trials(request, heard)) if request.faults else ()
    return Rehearsal(
        plan=plan.hash,
        estate=plan.estate,
        lab=plan.lab,
        made_at=made_at,
        command_s=hall.pace[0],
        measured=measured is not None,
        elements=elements,
        waves=forecast.waves(hall.cast.plan, seconds, _beside(clean, hall.cast.plan)),
        trials=trials,
        unplayed=tuple(hall.unplayed),
        without_twin=hall.cast.without_twin,
        wrong=clean.wrong,
    )


class Hall:
    """Where nights are rehearsed, each on twins of its own."""

    def __init__(self, cast: twins.Cast, services: Services, pace: tuple[float, float]) -> None:
        self.cast, self.pace = cast, pace
        self.unplayed: list[tuple[str, str]] = []
        self._services = services

    def trials(
        self, request: RehearseRequest, heard: Callable[[int, int], None]
    ) -> Iterator[Trial]:
        """Every fault at every phase that it makes sense at."""
        steps = _chosen(self.cast.plan, every=request.every)
        acts = [
            (step, count, fault, phase)
            for step, count in steps
            for fault in trying.FAULTS
            for phase in fault.phases
        ]
        for number, (step, count, fault, phase) in enumerate(acts, 1):
            night = self.night(_alone(self.cast.plan, step), step, fault, phase.value)
            heard(number, len(acts))
            if not night.played:  # mostly its platform has no such phase
                self.unplayed.append((step.target, phase.value))
                continue
            outcome = night.record.outcomes[step.id]
            yield Trial(
                element=step.target,
                stands_for=count,
                platform=self.cast.targets[step.target].platform,
                phase=phase.value,
                fault=fault.name,
                title=Text(fault.title),
                ending=Ending.BROKEN if night.wrong else _ending(outcome),
                message=_told(night, outcome),
                seconds=night.seconds,
            )

    def night(
        self,
        plan: Plan,
        step: Step | None = None,
        fault: trying.Fault | None = None,
        phase: str = "",
    ) -> Night:
        """Run `plan` on fresh twins, with this fault."""
        tasks = Tasks(f"{plan.hash} {fault.name if fault else ''} {phase}")
        folder = _MEMORY if _MEMORY.is_dir() else None
        with (
            tempfile.TemporaryDirectory(prefix="dcctl-rehearsal-", dir=folder) as root,
            clock.use(tasks),
            concurrency.use(tasks),
        ):
            truth = Truth(self._services.estate)
            network = twins.built(self.cast, truth, tasks, self._services.estate)
            truth.cutting = (plan.options.get("upgrade") or {}).get("cutting") or {}
            target = self.cast.targets[step.target] if step is not None else None
            script = trying.Script(tasks, network, target, fault, phase)
            wire = trying.ScriptedWire(script, target.name if target else "", *self.pace)
            world = World(Path(root), tasks, truth, script, wire)
            began = tasks.elapsed
            record = _carried_out(world, plan)
            seconds = tasks.elapsed - began
            tasks.sleep(60.0)
            network.advance()
            truth.settle(plan, record)
            return Night(
                record=record, seconds=seconds, wrong=tuple(truth.wrong), played=script.played
            )


def _carried_out(world: World, plan: Plan) -> RunRecord:
    """Start it; resume it when its controller dies, or leaves something in doubt."""
    for _ in range(_STARTS):
        try:
            with world.journal() as journal:
                runs = [run for run in journal.runs() if run.verb == plan.verb]
                record = world.start(plan, journal, runs[0] if runs else None)
                if record.run.status is RunStatus.FINISHED:
                    return record
        except KilledError:
            pass
        world.tasks.sleep(_GONE_S)
        world.network.advance()
    with world.journal() as journal:
        return journal.record(next(run.id for run in journal.runs() if run.verb == plan.verb))


def _chosen(plan: Plan, *, every: bool) -> list[tuple[Step, int]]:
    """The steps that faults are played on, each with how many it stands for."""
    steps = [step for step in plan.steps if step.kind is StepKind.UPGRADE]
    if every:
        return [(step, 1) for step in steps]
    kinds = {step.id: _kind(plan, step) for step in steps}
    counts = Counter(kinds.values())
    first = {kinds[step.id]: step for step in reversed(steps)}
    return [(step, counts[kind]) for kind, step in first.items()]


def _kind(plan: Plan, step: Step) -> tuple[str, ...]:
    target, order = plan.targets[step.target], step.settings["order"]
    model = str(target.intent.get("device_type") or "")
    return target.platform, model, str(order["running"]), str(order["image"]["version"])


def _alone(plan: Plan, step: Step) -> Plan:
    """The part of the plan that upgrades one element."""
    wave = next(one for one in plan.waves if step.id in one.steps)
    made = replace(
        plan,
        targets={step.target: plan.targets[step.target]},
        steps=(step,),
        waves=(replace(wave, targets=(step.target,), steps=(step.id,)),),
    )
    return replace(made, hash=made.content_hash())


def _ending(outcome: Outcome) -> Ending:
    if outcome.status in {StepStatus.CHANGED, StepStatus.OK}:
        return Ending.UPGRADED
    if outcome.status is StepStatus.FAILED and not outcome.data.get("drained"):
        return Ending.TAKEN_BACK
    if outcome.status is StepStatus.NOT_STARTED and outcome.reason != "in_doubt":
        return Ending.NOT_BEGUN
    return Ending.HUMAN


def _forecasts(cast: twins.Cast, record: RunRecord, known: forecast.Took) -> Iterator[Forecast]:
    for step, outcome in record.steps():
        if step.kind is not StepKind.UPGRADE:
            continue
        kind = forecast.kind_of(cast.targets[step.target])
        seconds, measured = forecast.blended(kind, outcome, known)
        yield Forecast(
            name=step.target,
            seconds=seconds,
            measured=measured,
            configuration=cast.kept_at.get(step.target, ""),
            ending=_ending(outcome),
            message=outcome.message,
        )


def _told(night: Night, outcome: Outcome) -> Text:
    return Text("{told}", {"told": night.wrong[0]}) if night.wrong else outcome.message


def _beside(night: Night, plan: Plan) -> dict[int, float]:
    """What each wave of the night took beside its elements' upgrades."""
    took = {
        step.target: forecast.lasted(outcome)
        for step, outcome in night.record.steps()
        if step.kind is StepKind.UPGRADE
    }
    spans = forecast.spans(night.record)
    return {
        wave.index: max(0.0, spans.get(wave.index, 0.0) - wave.seconds)
        for wave in forecast.waves(plan, took, {})
    }
