"""Deterministic simulation: a whole campaign, with all that can go wrong, from one seed.

As FoundationDB and TigerBeetle test themselves: the real planner, the real run, the real journal,
against simulated elements in this process, under a virtual clock and a seeded scheduler.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from dcctl import clock, concurrency, discovery, reports, running
from dcctl.errors import DcctlError
from dcctl.journal import Journal
from dcctl.lab.elements import images as image_files
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.site import plan_of
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.status import RunStatus
from dcctl.planning import graph
from dcctl.planning.render import TEMPLATES, render
from dcctl.running import SerialRunner
from dcctl.workflows.execute import carry_on, execute
from dcctl.workflows.rehearsal import estates
from dcctl.workflows.rehearsal.mischief import Mischief, TrickyWire
from dcctl.workflows.rehearsal.sessions import simulated
from dcctl.workflows.rehearsal.tasks import KilledError, Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.services import Services
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.event import Emit
    from dcctl.model.plan import Plan
    from dcctl.model.record import Run

SIZE = 20
_STARTS = 10  # of one run, killed or interrupted
_WARM_S = 7200.0  # until every session is up and every rate is steady
_WEIGHTY = frozenset({EventKind.STEP_STARTED, EventKind.STEP_PROGRESS, EventKind.STEP_FINISHED})
_SPENT = frozenset({RunStatus.FINISHED, RunStatus.CANCELLED})


@dataclass(slots=True)
class Verdict:
    """What came of one seed."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    seconds: float = 0.0  # of virtual time


class SimulatedJournal(Journal):
    """A journal of a process that may die before and after every transaction."""

    mischief: Mischief

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        self.mischief.boundary(weighs=False)
        with super()._writing() as connection:
            yield connection
        self.mischief.boundary(weighs=False)


def simulate(seed: int, folder: Path, *, size: int = SIZE) -> Verdict:
    """One campaign from its seed; `folder` is empty, and holds the journal afterwards."""
    tasks = Tasks(f"{seed} tasks")
    with clock.use(tasks), concurrency.use(tasks):
        return Campaign(seed, folder, size, tasks).carry_out()


class Campaign:
    """One simulated campaign."""

    def __init__(self, seed: int, folder: Path, size: int, tasks: Tasks) -> None:
        self._random = Random(f"{seed} campaign")  # noqa: S311 - repeatable, and guards nothing
        self._folder, self._tasks = folder, tasks
        self._verdict = Verdict(seed)
        flags = self._random.choice(({}, {}, {}, {}, {}, {}, *_BAD_IMAGES))
        self._estate = estates.draw(self._random, self._random.randint(4, size), folder, flags)
        self._truth = Truth(self._estate)
        self._network = self._built(flags)
        self._truth.network = self._network
        self._mischief = Mischief(self._random, tasks, self._estate, self._truth)
        self._runner = SerialRunner(
            build=simulated(self._network, TrickyWire(self._mischief, tasks)),
            wrap_emit=self._wrap_emit,
            side_by_side=True,
        )

    def carry_out(self) -> Verdict:
        """Plan it, run it to its end whatever happens, and judge."""
        verdict, tasks = self._verdict, self._tasks
        with self._journal() as journal:
            services = self._services(journal)
            request = UpgradeRequest(accept_cuts=True)
            plan = tasks.run(partial(plan_upgrade, request, services))
            plan = self._with_options(plan, journal)
            self._truth.cutting = plan.options["upgrade"]["cutting"]
            self._truth.say(f"waves {[list(wave.targets) for wave in plan.waves]}")
        self._mischief.armed = True
        self._run_to_end(plan)
        self._mischief.armed = False
        self._judge(plan)
        verdict.wrong, verdict.trace = self._truth.wrong, self._truth.trace
        verdict.seconds = tasks.elapsed
        return verdict

    # --- the world ---

    def _built(self, flags: dict[str, str]) -> Network:
        targets = list(self._estate.targets.values())
        releases = {t.name: estates.make_of(t.platform).before for t in targets}
        plan = plan_of(targets, "simulation", releases=releases)
        zero = self._tasks.now().timestamp()
        network = Network(
            plan.chassis,
            plan.links,
            plan.absent,
            now=zero,
            observe=self._truth.observe,
            anchors=graph.graph_of(self._estate).anchors,
            time=lambda: zero + self._tasks.elapsed,
        )
        self._truth.network = network
        folders = [discovery.data_root() / TEMPLATES]
        for target in targets:
            network.configure(target.name, render(target, folders))
            self._put_files(network, target.name, target.platform, flags)
            self._truth.before[target.name] = network.elements[target.name].software.release
        self._tasks.sleep(_WARM_S)
        network.advance()
        return network

    def _put_files(self, network: Network, name: str, platform: str, flags: dict[str, str]) -> None:
        """The image lies on every supervisor; now and then it is damaged, or not there."""
        make = estates.make_of(platform)
        data = estates.content(make, flags)
        chance = self._random.random()
        if chance < 0.02:  # noqa: PLR2004
            return
        if chance < 0.04:  # noqa: PLR2004
            data = data[:-1] + b"\0"
        element = network.elements[name]
        file = image_files.file(make.file, data, network.now)
        stores = tuple(
            store.holding(file) if store.name in make.stores else store for store in element.stores
        )
        network.elements[name] = replace(element, stores=stores)

    # --- the controller ---

    @contextmanager
    def _journal(self) -> Iterator[SimulatedJournal]:
        journal = SimulatedJournal.open("sqlite:///journal.db", root=self._folder)
        journal.mischief = self._mischief
        try:
            yield journal
        finally:
            journal.close()

    def _services(self, journal: Journal) -> Services:
        services = Services(root=self._folder, lab=True, operator="sim", runner=self._runner)
        # What is opened on first use elsewhere is here already.
        vars(services).update(estate=self._estate, journal=journal)
        return services

    def _wrap_emit(self, emit: Emit) -> Emit:
        def wrapped(kind: EventKind, *, target: str = "", **data: Any) -> None:
            weighs = kind in _WEIGHTY
            self._mischief.boundary(weighs=weighs)
            emit(kind, target=target, **data)
            self._truth.emitted(kind, target, data)
            self._mischief.boundary(weighs=weighs)
            self._mischief.told(kind, target, data)
            self._tasks.give_way()

        return wrapped

    def _with_options(self, plan: Plan, journal: Journal) -> Plan:
        """People's approvals are not what is tested here; the journal holds the very plan."""
        journal.keep_plan(plan, operator="sim")
        return plan

    def _run_to_end(self, plan: Plan) -> None:
        """Start it, and resume it whenever it was killed or interrupted."""
        for start in range(_STARTS):
            if start == _STARTS - 3:
                self._mischief.tire()
            try:
                with self._journal() as journal:
                    runs = [one for one in journal.runs() if one.verb == plan.verb]
                    if self._started(plan, journal, runs[0] if runs else None) in _SPENT:
                        return
            except KilledError:
                self._verdict.kills += 1
            except DcctlError as error:
                self._truth.say(f"the controller ends with {type(error).__name__}: {error}")
            self._tasks.sleep(self._random.choice((1.0, 60.0, 600.0, 7200.0)))
            self._network.advance()
            if self._random.random() < 0.7:  # noqa: PLR2004
                self._mischief.heal()

    def _started(self, plan: Plan, journal: Journal, run: Run | None) -> RunStatus:
        services = self._services(journal)
        self._truth.say("the controller starts" if run is None else "the controller resumes")
        if run is None:
            request = {"verb": plan.verb}
            begin = partial(execute, plan, services, request=request)
        else:
            begin = partial(carry_on, plan, run, services, resume=True)
        return self._tasks.run(begin).run.status

    # --- judging ---

    def _judge(self, plan: Plan) -> None:
        self._tasks.sleep(60.0)  # sessions come up again after the last of it
        self._network.advance()
        wrong = self._truth.wrong
        texts = []
        for _ in range(2):
            with self._journal() as journal:
                run = next(one for one in journal.runs() if one.verb == plan.verb)
                record = journal.record(run.id)
                texts.append(reports.render(record, "json", "en"))
                locks = [lock.name for lock in journal.locks()]
        if texts[0] != texts[1]:
            wrong.append("the report made twice differs")
        doubtful = set(running.in_doubt(record))
        if locks and not doubtful:
            wrong.append(f"nothing is in doubt, and these locks are left: {locks}")
        if run.status not in _SPENT and not doubtful:
            self._truth.say(f"the run is left {run.status}")
        self._truth.settle(plan, record)
        for step, outcome in record.steps():
            if step.kind is StepKind.UPGRADE:
                told = outcome.reason or outcome.status.value
                self._verdict.outcomes[told] = self._verdict.outcomes.get(told, 0) + 1


_BAD_IMAGES: tuple[dict[str, str], ...] = (
    {"wrong_version": "17.12.1"},
    {"boot_loop": "1"},
    {"bad_signature": "1"},
    {"unit_fails": "1"},
    {"drops_light_db": "6"},
)
