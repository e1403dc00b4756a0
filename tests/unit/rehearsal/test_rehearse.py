"""A rehearsal: how long the night takes, and what comes of a fault."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from dcctl import clock, concurrency, reports
from dcctl.model.plan import StepKind
from dcctl.model.rehearsal import Ending, Trial
from dcctl.model.upgrade import Phase
from dcctl.text import Text
from dcctl.workflows.rehearsal import estates, makes, trying, twins
from dcctl.workflows.rehearsal.drawn import built
from dcctl.workflows.rehearsal.rehearse import Hall, RehearseRequest, rehearse
from dcctl.workflows.rehearsal.sessions import Wire
from dcctl.workflows.rehearsal.tasks import Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import World
from dcctl.workflows.upgrade.plan import UpgradeRequest, plan_upgrade


def test_a_rehearsed_night_and_two_faults(tmp_path: Path) -> None:
    tasks = Tasks("test")
    with clock.use(tasks), concurrency.use(tasks):
        estate = estates.draw(Random(3), 4, tmp_path, {}, makes.named("c8500-12x4qc"))
        truth = Truth(estate)
        network = built(estate, truth, tasks)
        world = World(tmp_path, tasks, truth, trying.Script(tasks, network, None, None, ""), Wire())
        with world.journal() as journal:
            request = UpgradeRequest(accept_cuts=True, limit="s01-r1")
            plan = tasks.run(partial(plan_upgrade, request, world.services(journal)))
    with world.journal() as journal:
        services = world.services(journal)
        found = rehearse(RehearseRequest(plan=plan.hash, faults=False), services)
        hall = Hall(twins.cast(plan, services), services, (0.05, 0.05))
        (step,) = (one for one in hall.cast.plan.steps if one.kind is StepKind.UPGRADE)
        bad = next(one for one in trying.FAULTS if one.given.get("how") == "unit_fails")
        night = hall.night(hall.cast.plan, step, bad, Phase.ACTIVATE.value)
        cast = hall.cast
    bare = {  # as a device shows it: what is up is not said
        name: "\n".join(one for one in text.splitlines() if one.strip() != "no shutdown")
        for name, text in cast.texts.items()
    }
    fresh = Tasks("backups")
    with clock.use(fresh), concurrency.use(fresh):
        kept = replace(cast, texts=bare, trees={}, kept_at=dict.fromkeys(bare, "2026-11-22"))
        twin = twins.built(kept, Truth(estate), fresh, estate)
        assert twin.view("s01-r1").adjacencies
        own = cast.targets["s01-r1"]
        ports = tuple(replace(port, link="", peer="") for port in own.interfaces)
        played = {"s01-r1": replace(own, interfaces=ports)}
        texts = {name: cast.texts[name] for name in played}
        lonely = Truth(estate)  # a neighbour without a twin proves nothing, and breaks nothing
        twins.built(replace(kept, targets=played, texts=texts), lonely, fresh, estate)
        lonely.settle(cast.plan, night.record)
        assert not lonely.wrong
    assert [one.ending for one in found.elements] == [Ending.UPGRADED]
    assert not found.wrong
    assert not found.bad
    assert 300 < found.seconds < 3600
    assert found.waves[0].seconds <= found.seconds
    assert night.played
    assert night.record.outcomes[step.id].status.value == "failed"
    assert not night.wrong
    page = reports.rehearsal(found, "html", ("vi", "en")).decode()
    assert "Diễn tập nâng cấp phần mềm / Rehearsal of a software upgrade" in page
    assert page.encode() == reports.rehearsal(found, "html", ("vi", "en"))
    unplayed = replace(found, unplayed=(("s01-r1", "commit"), ("s01-r1", "commit")))
    told = reports.rehearsal(unplayed, "markdown", ("en",)).decode()
    assert "Faults not played, their phase never came: 2 (s01-r1 commit: 2)" in told
    trial = Trial(
        element="s01-r1",
        stands_for=1,
        platform="cisco_xe",
        phase="drain",
        fault="power",
        title=Text("power"),
        ending=Ending.HUMAN,
        seconds=60.0,
        message=Text("nobody can tell of {links}", {"links": "a--b, " * 200}),
    )
    both = reports.rehearsal(replace(found, trials=(trial,)), "markdown", ("vi", "en")).decode()
    assert "không ai biết được tình trạng của a--b" in both
    assert "/ nobody can tell of a--b" in both  # not cut away by the length of the first
    assert "| s01-r1 |" in reports.rehearsal(found, "markdown", ("en",)).decode()
