"""How long a campaign takes: what earlier ones took goes before what was rehearsed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dcctl.model.outcome import Outcome
from dcctl.model.plan import Plan, Step, StepKind, Wave
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus, StepStatus
from dcctl.model.target import Target
from dcctl.workflows.rehearsal import forecast

BIG = ("juniper_junos", "mx480")
SMALL = ("juniper_junos", "mx204")


def outcome(name: str, begin: int, end: int, **phases: float) -> Outcome:
    return Outcome(
        step=f"{name}/upgrade:x",
        target=name,
        status=StepStatus.CHANGED,
        started_at=f"2026-03-03T16:{begin:02}:00+00:00",
        finished_at=f"2026-03-03T16:{end:02}:00+00:00",
        data={"took": [{"phase": name, "seconds": took} for name, took in phases.items()]},
    )


def record(*outcomes: Outcome, waves: tuple[tuple[str, ...], ...]) -> RunRecord:
    steps = tuple(
        Step(
            id=one.step,
            target=one.target,
            kind=StepKind.UPGRADE,
            name="x",
            executor="device_session",
            changes=True,
        )
        for one in outcomes
    )
    plan = Plan(
        verb="upgrade",
        estate="x",
        lab=True,
        targets={
            one.target: Target(name=one.target, platform="cisco_xe", kind="router")
            for one in outcomes
        },
        steps=steps,
        waves=tuple(
            Wave(index=n, targets=names, steps=tuple(f"{name}/upgrade:x" for name in names))
            for n, names in enumerate(waves)
        ),
        options={"concurrency": 2},
    )
    run: dict[str, Any] = {"id": "r", "verb": "upgrade", "plan_hash": "h"}
    return RunRecord(
        run=Run(status=RunStatus.FINISHED, started_at="2026-03-03T16:00:00+00:00", **run),
        plan=plan,
        outcomes={one.step: one for one in outcomes},
    )


def test_a_phase_is_taken_from_earlier_runs_of_its_own_kind_and_looks_between_stay() -> None:
    rehearsed = outcome("a", 0, 10, wait=300.0, soak=200.0)  # and 100 s of live looks
    known = {(BIG, "wait"): 900.0}
    assert forecast.blended(SMALL, rehearsed, known) == (600.0, 0.0)
    assert forecast.blended(BIG, rehearsed, known) == (1200.0, 900.0)


def test_what_a_wave_takes_beside_its_upgrades_is_told_with_that_wave() -> None:
    night = record(
        outcome("a", 2, 12), outcome("b", 2, 22), outcome("c", 25, 30), waves=(("a", "b"), ("c",))
    )
    spans = forecast.spans(night)
    assert spans == {0: 22 * 60.0, 1: 8 * 60.0}
    lasted = {one.target: forecast.lasted(one) for one in night.outcomes.values()}
    beside = {
        wave.index: spans[wave.index] - wave.seconds
        for wave in forecast.waves(night.plan, lasted, {})
    }
    assert beside == {0: 120.0, 1: 180.0}
    found = forecast.waves(night.plan, {**lasted, "c": 600.0}, beside)
    assert [wave.seconds for wave in found] == [22 * 60.0, 13 * 60.0]


def test_reading_at_the_end_takes_no_upgrade() -> None:
    night = record(outcome("a", 0, 10), waves=(("a",),))
    last = Wave(index=1, targets=("a",), steps=("a/collect:facts",), title="read")
    plan = replace(night.plan, waves=(*night.plan.waves, last))
    found = forecast.waves(plan, {"a": 600.0}, {1: 20.0})
    assert [wave.seconds for wave in found] == [600.0, 20.0]


def test_three_elements_two_at_once_are_two_rounds() -> None:
    night = record(*(outcome(name, 0, 10) for name in "abc"), waves=(("a", "b", "c"),))
    (wave,) = forecast.waves(night.plan, dict.fromkeys("abc", 600.0), {})
    assert wave.seconds == 1200.0
