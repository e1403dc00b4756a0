"""Deterministic simulation: a whole campaign, with all that can go wrong, from one seed.

As FoundationDB and TigerBeetle test themselves: the real planner, the real run, the real journal,
against simulated elements in this process, under a virtual clock and a seeded scheduler.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from dcctl import clock, concurrency, reports, running
from dcctl.errors import DcctlError
from dcctl.model.plan import StepKind
from dcctl.model.status import RunStatus
from dcctl.workflows.rehearsal import estates
from dcctl.workflows.rehearsal.drawn import built
from dcctl.workflows.rehearsal.makes import MAKES, Make
from dcctl.workflows.rehearsal.mischief import Mischief, TrickyWire
from dcctl.workflows.rehearsal.tasks import KilledError, Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import World
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.model.plan import Plan

SIZE, LEAST = 20, 4  # elements of a drawn estate, at the most and at the least
_STARTS = 10  # of one run, killed or interrupted
_REPORTED_TWICE = 5  # every so many seeds, to see that a report repeats itself
_SPENT = frozenset({RunStatus.FINISHED, RunStatus.CANCELLED})


@dataclass(slots=True)
class Verdict:
    """What came of one seed."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    elements: int = 0
    kills: int = 0
    seconds: float = 0.0  # of virtual time


def simulate(
    seed: int, folder: Path, *, size: int = SIZE, least: int = LEAST, makes: Sequence[Make] = MAKES
) -> Verdict:
    """One campaign from its seed; `folder` is empty, and holds the journal afterwards."""
    tasks = Tasks(f"{seed} tasks")
    with clock.use(tasks), concurrency.use(tasks), _rarely_collected():
        return Campaign(seed, folder, (least, size), tasks, makes).carry_out()


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for garbage rarely: a sixth of a campaign's time went into it, and there is little."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Campaign:
    """One simulated campaign."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        sizes: tuple[int, int],
        tasks: Tasks,
        makes: Sequence[Make],
    ) -> None:
        self._random = Random(f"{seed} campaign")  # noqa: S311 - repeatable, and guards nothing
        self._folder, self._tasks = folder, tasks
        self._verdict = Verdict(seed)
        flags = self._random.choice(({}, {}, {}, {}, {}, {}, *_BAD_IMAGES))
        self._estate = estates.draw(
            self._random, self._random.randint(*sizes), folder, flags, makes
        )
        self._verdict.elements = len(self._estate.targets)
        self._truth = Truth(self._estate)
        self._network = built(self._estate, self._truth, tasks, flags=flags, random=self._random)
        self._truth.network = self._network
        self._mischief = Mischief(self._random, tasks, self._estate, self._truth)
        wire = TrickyWire(self._mischief, tasks)
        self._world = World(folder, tasks, self._truth, self._mischief, wire)

    def carry_out(self) -> Verdict:
        """Plan it, run it to its end whatever happens, and judge."""
        verdict, tasks = self._verdict, self._tasks
        with self._world.journal() as journal:
            services = self._world.services(journal)
            request = UpgradeRequest(accept_cuts=True)
            plan = tasks.run(partial(plan_upgrade, request, services))
            self._truth.cutting = plan.options["upgrade"]["cutting"]
            self._truth.say(f"waves {[list(wave.targets) for wave in plan.waves]}")
        self._mischief.armed = True
        self._run_to_end(plan)
        self._mischief.armed = False
        self._judge(plan)
        verdict.wrong, verdict.trace = self._truth.wrong, self._truth.trace
        verdict.seconds = tasks.elapsed
        return verdict

    # --- the controller ---

    def _run_to_end(self, plan: Plan) -> None:
        """Start it, and resume it whenever it was killed or interrupted."""
        for start in range(_STARTS):
            if start == _STARTS - 3:
                self._mischief.tire()
            try:
                with self._world.journal() as journal:
                    runs = [one for one in journal.runs() if one.verb == plan.verb]
                    record = self._world.start(plan, journal, runs[0] if runs else None)
                    if record.run.status in _SPENT:
                        return
            except KilledError:
                self._verdict.kills += 1
            except DcctlError as error:
                self._truth.say(f"the controller ends with {type(error).__name__}: {error}")
            self._tasks.sleep(self._random.choice((1.0, 60.0, 600.0, 7200.0)))
            self._network.advance()
            if self._random.random() < 0.7:  # noqa: PLR2004
                self._mischief.heal()

    # --- judging ---

    def _judge(self, plan: Plan) -> None:
        self._tasks.sleep(60.0)  # sessions come up again after the last of it
        self._network.advance()
        wrong = self._truth.wrong
        texts = set()
        for _ in range(1 if self._verdict.seed % _REPORTED_TWICE else 2):
            with self._world.journal() as journal:
                run = next(one for one in journal.runs() if one.verb == plan.verb)
                record = journal.record(run.id)
                texts.add(reports.render(record, "json", "en"))
                locks = [lock.name for lock in journal.locks()]
        if len(texts) > 1:
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
