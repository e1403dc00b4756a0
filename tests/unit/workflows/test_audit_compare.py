"""Why an answer differs: another system, another law, another version; each told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dcctl import clock
from dcctl.model.assessment import Cause, changes
from dcctl.model.status import FindingStatus
from dcctl.workflows.audit.assess import Profile, assess
from dcctl.workflows.catalogue import catalogue
from tests.unit.workflows.audited import Kept, record_of

DAY = date(2026, 11, 22)
EARLY = date(2025, 6, 1)
S = FindingStatus
ROW, HOST = "DC-NET-002", "p01-pe1"


def judged(scene, day=DAY, level=4):
    record, _ = record_of(scene)
    return assess(record, scene.blob, catalogue(), Profile(as_of=day, level=level), "test")


def status(found, row=ROW):
    return next((r.status for r in found.results if (r.requirement, r.target) == (row, HOST)), None)


@pytest.fixture(scope="module")
def scenes():
    with clock.use(clock.ManualClock()) as time:
        well, weak = Kept(name=HOST, time=time), Kept(name=HOST, time=time)
        weak.network.configure(HOST, "ip http server\n")
        return judged(well), judged(weak), judged(well, level=3), judged(well, day=EARLY)


def test_nothing_differs_from_itself(scenes) -> None:
    well, *_ = scenes
    stages = [(None, well), (Cause.CHECK, well), (Cause.STANDARD, well), (Cause.SYSTEM, well)]
    assert changes(stages) == ()


def test_another_system(scenes) -> None:
    well, weak, *_ = scenes
    assert (status(well), status(weak)) == (S.PASS, S.PARTIAL)
    stages = [(None, well), (Cause.CHECK, well), (Cause.STANDARD, well), (Cause.SYSTEM, weak)]
    told = {(one.requirement, one.target): one for one in changes(stages)}
    one = told[ROW, HOST]
    assert (one.before, one.after, dict(one.causes)) == (S.PASS, S.PARTIAL, {"system": "partial"})
    assert one.worse
    back = [(None, weak), (Cause.CHECK, weak), (Cause.STANDARD, weak), (Cause.SYSTEM, well)]
    better = {(c.requirement, c.target): c for c in changes(back)}[ROW, HOST]
    assert not better.worse


def test_another_law(scenes) -> None:
    well, _, lower, early = scenes
    for other in (lower, early):
        stages = [(None, well), (Cause.CHECK, well), (Cause.STANDARD, other), (Cause.SYSTEM, other)]
        told = changes(stages)
        asked = {(r.requirement, r.target) for r in well.results}
        now = {(r.requirement, r.target) for r in other.results}
        assert {(c.requirement, c.target) for c in told} >= asked ^ now
        assert all(set(one.causes) == {"standard"} for one in told)


def test_another_check_and_then_another_system(scenes) -> None:
    well, weak, *_ = scenes
    told_then = tuple(
        replace(r, status=S.NOT_EVALUATED) if (r.requirement, r.target) == (ROW, HOST) else r
        for r in well.results
    )
    then = replace(well, results=told_then)
    stages = [(None, then), (Cause.CHECK, well), (Cause.STANDARD, well), (Cause.SYSTEM, weak)]
    one = {(c.requirement, c.target): c for c in changes(stages)}[ROW, HOST]
    assert (one.before, one.after) == (S.NOT_EVALUATED, S.PARTIAL)
    assert dict(one.causes) == {"check": "pass", "system": "partial"}
