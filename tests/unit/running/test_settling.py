"""A reading waits for what the plan may bring up, and only a moment for what it can't mend."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl import clock
from dcctl.facts import interfaces as facts
from dcctl.model.outcome import Reading
from dcctl.model.plan import Step
from dcctl.model.status import FindingStatus, ReadingStatus
from dcctl.model.target import Interface, Target
from dcctl.planning.awaiting import with_expectations
from dcctl.planning.plan import Observation
from dcctl.running.settling import GRACE_S
from tests.unit.running.conftest import Stage
from tests.unit.running.device import SocketExecutor, change, collect

SETTLE = 100
CHECKS = {"interfaces.links_up": {}}


class Ports(SocketExecutor):
    """A port is up as the device's own state says."""

    def read(self, target: Target, topics: Any) -> dict[str, Reading]:
        state = self.ask(target, do="get")["state"]
        ports = facts.Interfaces(
            items=tuple(
                facts.Interface(name=i.name, admin_up=True, oper_up=i.name in state)
                for i in target.interfaces
            )
        )
        return {t: Reading(topic=t, status=ReadingStatus.PARSED, value=ports) for t in topics}


class Meanwhile(clock.ManualClock):
    """After a time a link comes up on the device `a`."""

    def __init__(self, stage: Stage, port: str, after: float) -> None:
        super().__init__()
        self.stage, self.port, self.after = stage, port, after

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.monotonic() > self.after:
            self.stage.devices["a"].answer({"do": "set", "key": self.port, "value": "up"})


def link(peer: str) -> Interface:
    return Interface(name=f"to_{peer}", link=f"a-{peer}", peer=peer)


def waited(stage: Stage, *peers: str, comes: str, after: float, **more: Any) -> tuple[float, bool]:
    """How long the reading of `a`, linked to `peers`, took; and whether all was up at last."""
    from dcctl import running

    made = stage.made(lambda n: [change(n, "k1")])
    made.targets["a"] = replace(made.targets["a"], interfaces=tuple(link(p) for p in peers))
    reading = replace(
        collect("a", *CHECKS), settings={"topics": ["interfaces"], "checks": [*CHECKS]}
    )
    reading = replace(reading, settings={**reading.settings, "settle_s": SETTLE})
    seen = more.pop("seen", {})
    reading = with_expectations(reading, made.targets["a"], made.targets, made.steps, seen)
    made.steps = [s for s in made.steps if s.target in {"a", "b"}]
    changes = [s.id for s in made.steps]
    made.steps.append(reading)
    plan = made.plan(waves=[["a", "b"], ["a"]], checks=CHECKS, **more)
    first, second = plan.waves
    waves = (replace(first, steps=tuple(changes)), replace(second, steps=(reading.id,)))
    plan = replace(plan, waves=waves)
    runner = running.SerialRunner(build=lambda _name, context: Ports(context))
    with clock.use(Meanwhile(stage, f"to_{comes}", after)) as now:
        record = stage.run(replace(plan, hash=plan.content_hash()), runner=runner)
        return now.monotonic(), record.findings[0].status is FindingStatus.PASS


def test_a_link_within_the_plan_is_waited_for(serial: Stage) -> None:
    took, came = waited(serial, "b", comes="b", after=50)
    assert came
    assert 50 < took < 60


def test_a_link_to_outside_the_plan_is_given_a_moment(serial: Stage) -> None:
    took, came = waited(serial, "elsewhere", comes="nothing", after=0)
    assert not came
    assert took == pytest.approx(GRACE_S)


def test_what_comes_within_that_moment_is_seen(serial: Stage) -> None:
    took, came = waited(serial, "elsewhere", comes="elsewhere", after=10)
    assert came
    assert 10 < took < GRACE_S


def test_beside_one_that_never_comes_the_other_is_still_waited_for(serial: Stage) -> None:
    took, came = waited(serial, "b", "elsewhere", comes="b", after=50)
    assert not came
    assert 50 < took < 50 + GRACE_S + 4


def test_a_neighbour_whose_change_went_wrong_is_not_waited_for(serial: Stage) -> None:
    took, came = waited(serial, "b", comes="nothing", after=0, preconditions={"b": "moved"})
    assert not came
    assert took == pytest.approx(GRACE_S)


def test_what_no_change_can_mend_is_not_waited_for(serial: Stage) -> None:
    """Both ends of the link were observed to need nothing; only a third target is changed."""
    idle = {n: Observation(fingerprint="x", predicted={f"{n}/role:k1": ()}) for n in "ab"}
    took, came = waited(serial, "b", comes="nothing", after=0, seen=idle)
    assert not came
    assert took == pytest.approx(GRACE_S)


def test_a_plan_tells_what_may_come_up_and_what_failed_before() -> None:
    def target(name: str, *peers: str) -> Target:
        links = tuple(link(peer) for peer in peers)
        return Target(name=name, platform="linux", kind="server", interfaces=links)

    targets = {n: target(n, *p) for n, p in {"a": "bx", "b": "ac", "c": "b"}.items()}
    changing = [change(name, "k1") for name in targets]
    seen = {
        n: Observation(predicted={f"{n}/role:k1": p}, failing={"backup.age": "old"})
        for n, p in {"a": (), "b": (), "c": ("moves",)}.items()
    }

    def told(name: str) -> tuple[list[str], dict[str, str]]:
        step: Step = with_expectations(collect(name), targets[name], targets, changing, seen)
        return step.settings["awaited"], step.settings["failing"]

    assert told("a") == ([], {"backup.age": "old"})
    assert told("b") == (["c"], {"backup.age": "old"})
    assert told("c") == (["b"], {})
    seen = {}
    assert told("a") == (["b"], {})
