"""A campaign over real SSH at accelerated time, and how well its rehearsal foretold its length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dcctl.model.plan import StepKind
from dcctl.model.status import RunStatus, StepStatus
from dcctl.workflows.rehearsal import forecast
from dcctl.workflows.rehearsal.rehearse import RehearseRequest, rehearse
from dcctl.workflows.services import Services
from tests.lab.fast_site import FastSite, fast_site

TWINS = "hl-cor-r1,hl-cor-r2,p01-pe*,p51-pe*"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[FastSite]:
    made = fast_site(tmp_path)
    yield made
    made.down()


@pytest.mark.slow
@pytest.mark.lab
def test_a_rehearsal_foretells_the_campaign_within_a_fifth(site: FastSite) -> None:
    site.furnished(TWINS)
    plan = site.planned("p*-pe*")
    services = Services(root=site.root, lab=True)
    foretold = rehearse(RehearseRequest(plan=plan, faults=False), services)
    assert not foretold.bad

    site.dcctl("upgrade", "run", plan, "--lab", ends=(0, 3, 4))
    run = services.journal.runs(1)[0]
    record = services.journal.record(run.id)
    services.close()

    assert run.status is RunStatus.FINISHED
    upgraded = {o.target: o for s, o in record.steps() if s.kind is StepKind.UPGRADE}
    assert len(upgraded) == 4
    assert {one.status for one in upgraded.values()} == {StepStatus.CHANGED}
    moved = {name: forecast.lengths(one)["moved"] for name, one in upgraded.items()}
    assert all(seconds > 0 for seconds in moved.values())  # there was traffic to be led round
    took = forecast.spans(record)
    told = {wave.index: wave.seconds for wave in foretold.waves}
    assert foretold.seconds == pytest.approx(sum(took.values()), rel=0.2), (told, took)
    assert told[0] == pytest.approx(took[0], rel=0.2)
    assert told[1] == pytest.approx(took[1], rel=0.2)
