"""A canary that proved nothing stops the waves behind it, whatever may fail elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl.model import plain
from dcctl.model.plan import Plan, Step
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning.plan import UNOBSERVED
from dcctl.planning.waves import make_waves
from tests.unit.running.conftest import Stage
from tests.unit.running.device import change, collect

EXPECTED = {"intent": {"minimum_release": "1.0"}}
UNTOUCHED = plain.digest({"release": ""})


def planned(stage: Stage, canary: str = "new", *, count: int = 1, **more: Any) -> Plan:
    """The first `count` of three devices are canaries; each is verified after its change."""

    def steps(name: str) -> list[Step]:
        verify = collect(name, "version.release", verify=True)
        verify = replace(verify, id=f"{name}/collect:verify", name="verify")
        value = canary if name == "a" else "1.2"
        return [change(name, "release", value), verify, collect(name)]

    made = stage.made(steps, **dict.fromkeys("abc", EXPECTED))
    plan = made.plan(
        options={"concurrency": 9, "max_failures": 5}, checks={"version.release": {}}, **more
    )
    plan = replace(plan, waves=make_waves(made.steps, {}, canary=count))
    return replace(plan, hash=plan.content_hash())


def reasons(record: Any) -> dict[str, str]:
    changed = (o for s, o in record.steps() if s.changes)
    return {o.target: o.reason or o.status.value for o in changed}


@pytest.mark.parametrize("fault", ["stale", "unobserved", "unreachable", "reject", "0.9"])
def test_no_other_is_changed_when_the_canary_proved_nothing(stage: Stage, fault: str) -> None:
    seen = {"stale": "moved", "unobserved": UNOBSERVED}.get(fault, UNTOUCHED)
    plan = planned(stage, fault, preconditions={"a": seen})
    if fault == "unreachable":
        stage.devices["a"].close()
    record = stage.run(plan)
    first = {"reject": "failed", "0.9": "changed"}.get(fault, fault)
    assert reasons(record) == {"a": first, "b": NotStarted.CANARY, "c": NotStarted.CANARY}
    assert all(stage.devices[name].log == [] for name in "bc")
    for name in "bc":
        assert record.outcomes[f"{name}/collect:facts"].status is StepStatus.OK
    wanted = {"stale": 6, "unobserved": 4, "unreachable": 4, "reject": 3, "0.9": 3}
    assert record.exit_code() == wanted[fault]


def test_one_canary_that_is_well_is_enough(serial: Stage) -> None:
    record = serial.run(planned(serial, count=2, preconditions={"a": "moved"}))
    assert reasons(record) == {"a": NotStarted.STALE, "b": "changed", "c": "changed"}
    assert record.exit_code() == 4


def test_a_canary_that_is_as_it_should_be_lets_the_others_go(serial: Stage) -> None:
    serial.devices["a"].answer({"do": "set", "key": "release", "value": "1.2"})
    record = serial.run(planned(serial, "1.2"))
    assert reasons(record) == {"a": "ok", "b": "changed", "c": "changed"}


def test_each_executor_has_its_own_canary(serial: Stage) -> None:
    made = serial.made(lambda n: [change(n, "k1", executor="batch" if n == "c" else "socket")])
    plan = made.plan(preconditions={"a": "moved"})
    plan = replace(plan, waves=make_waves(made.steps, {}, canary=1))
    record = serial.run(replace(plan, hash=plan.content_hash()))
    assert reasons(record) == {"a": NotStarted.STALE, "b": NotStarted.CANARY, "c": "changed"}


def test_a_resume_knows_how_the_canary_ended(serial: Stage) -> None:
    def killed(event: Any) -> None:
        if event.step == "a/collect:verify" and event.kind == "step_finished":
            raise KeyboardInterrupt

    for canary, others in (("1.1", "changed"), ("reject", NotStarted.CANARY)):
        for device in serial.devices.values():
            device.reset()
        plan = planned(serial, canary)
        run = serial.journal.open_run(plan, operator="test", request={})
        with pytest.raises(KeyboardInterrupt):
            serial.go(plan, run, on_event=killed)
        record = serial.go(plan, run, resume=True)
        assert {name: reasons(record)[name] for name in "bc"} == dict.fromkeys("bc", others)


def test_nothing_run_because_all_was_stale_is_a_refusal(serial: Stage) -> None:
    made = serial.made(
        lambda n: [change(n, "k1"), change(n, "k2", requires=(f"{n}/role:k1",)), collect(n)]
    )
    record = serial.run(made.plan(preconditions=dict.fromkeys("abc", "moved")))
    assert record.exit_code() == 6
    assert record.step_counts() == {"not_started": 6, "ok": 3}


def test_what_was_never_observed_is_not_told_as_moved(serial: Stage) -> None:
    made = serial.made(lambda n: [change(n, "k1")])
    record = serial.run(made.plan(preconditions={"b": UNOBSERVED}))
    told = record.outcomes["b/role:k1"]
    assert told.reason == NotStarted.UNOBSERVED
    assert "was not observed" in str(told.message)
    assert serial.devices["b"].log == []
