"""All 34 provinces and the cores, over real SSH, in one campaign with three that go wrong."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dcctl.model.plan import StepKind
from dcctl.model.status import NotStarted, RunStatus, StepStatus
from dcctl.workflows.services import Services
from tests.lab.fast_site import (
    FastSite,
    boots,
    came_up_with,
    fast_site,
    never_both,
    settled,
)
from tests.lab.test_campaign import plan_of_release, told_so

LIMIT = "hl-cor-r1,hl-cor-r2,p*-pe*"
FACTOR = 15  # a night in twenty minutes


@pytest.fixture
def site(tmp_path: Path) -> Iterator[FastSite]:
    made = fast_site(tmp_path, {"soak_s": 60, "canary_soak_s": 60}, FACTOR)
    yield made
    made.down()


@pytest.mark.slow
@pytest.mark.lab
def test_two_are_taken_back_and_the_third_stops_what_comes_behind(site: FastSite) -> None:
    site.furnished(LIMIT)
    hashed = site.planned(LIMIT, "--max-failures", "3")
    services = Services(root=site.root, lab=True)
    plan = services.journal.plan(hashed)
    waves = [wave for wave in plan.waves if wave.title != "read"]
    crowd = next(wave for wave in waves if len(wave.targets) == 20)
    bad, dark, gone = crowd.targets[3], crowd.targets[5], waves[-2].targets[0]
    port = next(one.name for one in plan.targets[dark].interfaces if one.link)
    site.dcctl("lab", "fault", bad, "bad_image", "how=unit_fails")
    site.dcctl("lab", "fault", dark, "dimmer_after_reload", f"interface={port}", "db=6.0")
    site.dcctl("lab", "fault", gone, "never_back")
    before = {name: len(site.notes(name)) for name in plan.targets}
    with_outages = len(site.notes(""))

    site.dcctl("upgrade", "run", hashed, "--lab", ends=(3,))
    run = services.journal.runs(1)[0]
    record = services.journal.record(run.id)
    services.close()
    assert run.status is RunStatus.FINISHED
    outcomes = {o.target: o for s, o in record.steps() if s.kind is StepKind.UPGRADE}
    told = {name: f"{one.status}: {one.message}" for name, one in outcomes.items()}
    assert len(outcomes) == 70
    later = set(waves[-1].targets)
    expected = dict.fromkeys(outcomes, StepStatus.CHANGED) | dict.fromkeys(
        later, StepStatus.NOT_STARTED
    )
    expected |= {bad: StepStatus.FAILED, dark: StepStatus.FAILED, gone: StepStatus.ERROR}
    odd = {name: told[name] for name, one in outcomes.items() if one.status is not expected[name]}
    assert not odd
    assert {outcomes[name].reason for name in later} == {NotStarted.UNSURE}
    assert "6.0 dB" in told[dark]
    told_so(record, (bad, dark), gone)

    assert site.notes("")[with_outages:] == []  # no province was ever without a way
    notes = {name: site.notes(name)[since:] for name, since in before.items()}
    for name in outcomes:
        old = plan_of_release(plan, name)
        if name == gone:
            assert not settled(notes[name])
            continue
        assert settled(notes[name]), name
        if name in later:
            assert boots(notes[name]) == [], name
        else:
            assert boots(notes[name]), name
            assert (came_up_with(notes[name]) == old) == (name in {bad, dark}), name
    for group in services.estate.redundancy:
        members = [name for name in group.members if name in outcomes]
        for one, other in itertools.combinations(members, 2):
            never_both(notes[one], notes[other])
