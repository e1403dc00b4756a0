"""What would take both down at once, through whole runs: two campaigns, waves that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from dcctl import clock, concurrency
from dcctl.errors import NotFound, Refused
from dcctl.lab.elements.network import Network
from dcctl.model.approval import APPROVED, Approval
from dcctl.model.plan import Plan, StepKind
from dcctl.model.record import RunRecord
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning.upgrades import CALENDAR
from dcctl.workflows.execute import execute
from dcctl.workflows.rehearsal import estates, makes
from dcctl.workflows.rehearsal.drawn import built
from dcctl.workflows.rehearsal.sessions import Wire
from dcctl.workflows.rehearsal.tasks import Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import World
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade
from dcctl.workflows.upgrade.run import rollback
from tests.unit.rehearsal.test_killed_everywhere import Deadly

XE = makes.named("c8500-12x4qc")
REQUEST = {"verb": "upgrade", APPROVED: [Approval.NO_SAFETY_NET.value]}


@dataclass
class Stage:
    world: World
    truth: Truth
    tasks: Tasks
    network: Network

    def plan(self, limit: str, *, drain: bool = True, accept_cuts: bool = True) -> Plan:
        with self.world.journal() as journal:
            request = UpgradeRequest(accept_cuts=accept_cuts, limit=limit, drain=drain)
            return self.tasks.run(partial(plan_upgrade, request, self.world.services(journal)))

    def begin(self, plan: Plan) -> RunRecord | None:
        """One whole run with a client of the journal of its own; None where it is refused."""
        with self.world.journal() as journal:
            try:
                return execute(plan, self.world.services(journal), request=REQUEST)
            except Refused as refused:
                self.truth.say(f"refused: {refused}")
                return None

    def down(self) -> list[tuple[str, str]]:
        """(element, down or up) in the order in which the elements wrote it."""
        found = []
        for line in self.truth.trace:
            _, name, kind, *words = line.split()
            if kind == "boot":
                found.append((name, words[0]))
        return found


@contextmanager
def stage(folder: Path, seed: int) -> Iterator[Stage]:
    """A centre and a pair, each of its own to one core; nothing goes wrong by itself."""
    tasks = Tasks(seed)
    with clock.use(tasks), concurrency.use(tasks):
        estate = estates.draw(Random(1), 4, folder, {}, XE)
        truth = Truth(estate)
        network = built(estate, truth, tasks)
        yield Stage(World(folder, tasks, truth, Deadly(tasks, 0), Wire()), truth, tasks, network)


def ended(record: RunRecord | None) -> dict[str, tuple[StepStatus, str]]:
    steps = record.steps() if record is not None else ()
    return {
        step.target: (outcome.status, outcome.reason)
        for step, outcome in steps
        if step.kind is StepKind.UPGRADE
    }


@pytest.mark.parametrize("seed", range(3))
def test_two_campaigns_on_partners(seed: int, tmp_path: Path) -> None:
    """Begun at the same moment, by two clients of one journal: one goes, the other is refused."""
    with stage(tmp_path, seed) as both:
        plans = [both.plan("s01-r1"), both.plan("s01-r2")]
        records = both.tasks.run(lambda: concurrency.side_by_side(both.begin, plans, len(plans)))
    assert not both.truth.wrong
    told = {name: found for record in records for name, found in ended(record).items()}
    done = [name for name, (status, _) in told.items() if status is StepStatus.CHANGED]
    assert len(done) == 1
    (other,) = {"s01-r1", "s01-r2"} - set(done)
    assert told.get(other, (StepStatus.NOT_STARTED, ""))[0] is StepStatus.NOT_STARTED
    assert both.down() == [(done[0], "down"), (done[0], "up")]


def test_what_is_down_already_is_told_with_what_it_leads_to(tmp_path: Path) -> None:
    with stage(tmp_path, 1) as both:
        whole = both.plan("s01-r1", accept_cuts=False)
        assert any(step.kind is StepKind.UPGRADE for step in whole.steps)
        other = both.truth.estate.target("s01-r2")
        ways = [port for port in other.interfaces if port.link and port.peer != "s01-r1"]
        for port in ways:
            both.network.fault("s01-r2", "link_down", {"interface": port.name})
        both.tasks.sleep(600.0)
        with pytest.raises(Refused, match="must be cut off: s01-r1") as caught:
            both.plan("s01-r1", accept_cuts=False)
    told = str(caught.value).partition("; down already: ")[2].split(", ")
    assert ways
    assert told == sorted(port.link for port in ways)


def test_the_way_back_is_planned_for_what_was_changed(tmp_path: Path) -> None:
    with stage(tmp_path, 1) as both:
        plan = both.plan("s01-r1")
        record = both.tasks.run(partial(both.begin, plan))
        assert ended(record) == {"s01-r1": (StepStatus.CHANGED, "")}
        estate = both.truth.estate
        (new,) = estate.images
        old = replace(new, name="old", version=XE[0].before)
        with both.world.journal() as journal:
            services = both.world.services(journal)
            way = partial(rollback, "latest", services)
            with pytest.raises(NotFound, match="no image of release") as lacking:
                both.tasks.run(way)
            assert "--image" not in str(lacking.value.hint)
            services.__dict__["estate"] = replace(estate, images=(new, old))
            made = {kept: both.tasks.run(partial(way, windows=kept)) for kept in (True, False)}
    for kept, back in made.items():
        (step,) = (one for one in back.steps if one.kind is StepKind.UPGRADE)
        assert (step.target, step.settings["order"]["image"]["name"]) == ("s01-r1", "old")
        assert (back.options[CALENDAR] is not None) == kept


def whole_run_of_one_wave(names: tuple[str, str], both: Stage) -> RunRecord | None:
    """Both in one wave, as no plan of ours would have them."""
    plan = both.plan(",".join(names), drain=False)
    ids = tuple(step.id for step in plan.steps if step.kind is StepKind.UPGRADE)
    wrong = replace(plan.waves[0], targets=names, steps=ids)
    made = replace(plan, waves=(wrong, plan.waves[-1]))
    made = replace(made, hash=made.content_hash())
    with both.world.journal() as journal:
        journal.keep_plan(made, operator="somebody")
    return both.tasks.run(partial(both.begin, made))


@pytest.mark.parametrize("names", [("s01-r1", "s01-r2"), ("c-r1", "s01-r2")])
def test_one_of_a_wave_that_is_wrong_is_refused_while_it_runs(
    names: tuple[str, str], tmp_path: Path
) -> None:
    """Fellows of a group, and one that is the other's way round (no group holds these two).

    Undrained, so that nothing but the refusal keeps the second up: both would look at the same
    moment, and each would see the other well.
    """
    with stage(tmp_path, 1) as both:
        record = whole_run_of_one_wave(names, both)
    assert not both.truth.wrong
    assert NotStarted.REDUNDANCY in {reason for _, reason in ended(record).values()}
    assert len({name for name, _ in both.down()}) == 1
