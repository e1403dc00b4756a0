"""What becomes of each step: order, dependencies, refusals, failures; alike in both runners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dcctl import running
from dcctl.errors import LockHeld
from dcctl.executors._outcomes import unpredicted
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import FindingStatus, NotEvaluated, NotStarted, RunStatus, StepStatus
from dcctl.model.target import Target
from dcctl.text import Text
from tests.unit.running.conftest import Stage
from tests.unit.running.device import SocketExecutor, change, collect, command


def how(record, name):
    outcome = record.outcomes[name]
    return outcome.status, outcome.reason


def test_steps_of_a_target_keep_their_order_and_everything_has_an_outcome(stage: Stage) -> None:
    made = stage.made(
        lambda n: [change(n, "k1"), command(n), change(n, "k2"), collect(n, "version.reachable")]
    )
    record = stage.run(made.plan(options={"concurrency": 9}, checks={"version.reachable": {}}))
    assert record.run.status is RunStatus.FINISHED
    assert {device.log[0] for device in stage.devices.values()} == {"set k1 new"}
    assert {device.log[1] for device in stage.devices.values()} == {"set k2 new"}
    assert record.step_counts() == {"changed": 6, "ok": 6}
    assert [f.status for f in record.findings] == [FindingStatus.PASS] * 3
    assert record.readings["a"]["version"]["value"]["os"] == "TestOS"
    assert record.outcomes["a/command:exec"].data["output"] == {"k1": "new"}
    evidence = record.outcomes["a/collect:facts"].evidence
    assert stage.journal.blob(evidence[0]) == b'{"k1": "new", "k2": "new"}'
    assert stage.kinds("a/role:k1") == [EventKind.STEP_STARTED, EventKind.STEP_FINISHED]
    assert record.orphans == ()
    assert stage.journal.locks() == ()


def test_what_requires_a_failed_step_is_not_started_and_the_rest_goes_on(stage: Stage) -> None:
    def steps(name: str) -> list[Step]:
        bad = "reject" if name == "b" else "new"
        first = change(name, "k1", bad)
        return [first, change(name, "k2", requires=(first.id,)), change(name, "k3")]

    record = stage.run(stage.made(steps).plan(options={"concurrency": 9}))
    assert how(record, "b/role:k1") == (StepStatus.FAILED, "")
    assert how(record, "b/role:k2") == (StepStatus.NOT_STARTED, NotStarted.DEPENDENCY)
    assert how(record, "b/role:k3") == (StepStatus.CHANGED, "")
    assert stage.devices["b"].log == ["rejected k1", "set k3 new"]
    assert record.step_counts()["changed"] == 7
    assert record.exit_code() == 3


def test_an_unreachable_target_is_not_tried_again(stage: Stage) -> None:
    stage.devices["b"].close()
    made = stage.made(lambda n: [change(n, "k1"), change(n, "k2"), collect(n, "version.reachable")])
    record = stage.run(made.plan(options={"concurrency": 9}, checks={"version.reachable": {}}))
    assert how(record, "b/role:k1") == (StepStatus.UNREACHABLE, "")
    for name in ("b/role:k2", "b/collect:facts"):
        assert how(record, name) == (StepStatus.NOT_STARTED, NotStarted.UNREACHABLE)
    lost = {f.target: (f.status, f.reason) for f in record.findings}
    assert lost["b"] == (FindingStatus.NOT_EVALUATED, NotEvaluated.UNREACHABLE)
    assert lost["a"][0] is FindingStatus.PASS
    assert record.exit_code() == 4


def test_it_is_not_tried_in_a_later_wave_either(serial: Stage) -> None:
    serial.devices["b"].close()
    made = serial.made(lambda n: [change(n, "k1"), collect(n)])
    plan = made.plan()
    waves = (
        replace(plan.waves[0], steps=tuple(s.id for s in plan.steps if s.changes)),
        replace(plan.waves[0], index=1, steps=tuple(s.id for s in plan.steps if not s.changes)),
    )
    plan = replace(plan, waves=waves)
    record = serial.run(replace(plan, hash=plan.content_hash()))
    assert how(record, "b/collect:facts") == (StepStatus.NOT_STARTED, NotStarted.UNREACHABLE)
    assert how(record, "a/collect:facts") == (StepStatus.OK, "")


def test_a_target_that_moved_is_refused_as_stale_before_it_is_touched(stage: Stage) -> None:
    made = stage.made(lambda n: [change(n, "k1"), collect(n)])
    untouched = plain.digest({"k1": ""})
    stage.devices["b"].answer({"do": "set", "key": "k1", "value": "by hand"})
    plan = made.plan(preconditions=dict.fromkeys("abc", untouched), options={"concurrency": 9})
    record = stage.run(plan)
    assert how(record, "b/role:k1") == (StepStatus.NOT_STARTED, NotStarted.STALE)
    assert stage.devices["b"].log == ["set k1 by hand"]
    assert how(record, "a/role:k1") == (StepStatus.CHANGED, "")
    compared = [e for e in stage.events if e.kind is EventKind.PRECONDITION]
    assert {e.target: e.data["observed"] == e.data["expected"] for e in compared} == {
        "a": True,
        "b": False,
        "c": True,
    }


@pytest.mark.parametrize("executor", ["socket", "batch"])
def test_a_step_that_was_proved_idle_is_not_run(stage: Stage, executor: str) -> None:
    """Observed to change nothing, nothing before it changes anything, and the target is unmoved."""
    predicted = {"a": ((), (), ()), "b": ((), ("k2: None -> new",), ()), "c": ((), None, ())}
    for device in stage.devices.values():
        for key in ("k1", "k3"):
            device.answer({"do": "set", "key": key, "value": "new"})
    made = stage.made(
        lambda n: [
            change(n, f"k{i}", executor=executor, predicted=predicted[n][i - 1]) for i in (1, 2, 3)
        ]
    )
    seen = plain.digest({"k1": "new", "k2": "", "k3": "new"})
    plan = made.plan(
        preconditions={"a": seen, "b": seen}, options={"concurrency": 9, "blind": True}
    )
    record = stage.run(plan)
    before = ["set k1 new", "set k3 new"]
    assert stage.devices["a"].log == before
    assert {str(record.outcomes[f"a/role:k{i}"].message)[:13] for i in (1, 2, 3)} == {
        "nothing to do"
    }
    assert stage.devices["b"].log == [*before, "set k2 new", "set k3 new"]
    assert stage.devices["c"].log == [*before, "set k1 new", "set k2 new", "set k3 new"]
    assert record.outcomes["a/role:k1"].status is StepStatus.OK


@pytest.mark.parametrize(("limit", "touched"), [(0, 1), ("34%", 2), (5, 3), (None, 3)])
def test_too_many_failures_stop_changes_but_not_readings(serial: Stage, limit, touched) -> None:
    made = serial.made(lambda n: [change(n, "k1", "reject"), collect(n)])
    plan = made.plan(waves=[["a"], ["b"], ["c"]], options={"max_failures": limit})
    record = serial.run(plan)
    assert sum(bool(device.log) for device in serial.devices.values()) == touched
    counts = record.step_counts()
    assert (counts["failed"], counts["ok"]) == (touched, 3)
    reasons = {o.reason for o in record.outcomes.values() if o.status is StepStatus.NOT_STARTED}
    assert reasons == ({NotStarted.MAX_FAILURES} if touched < 3 else set())
    assert record.run.status is RunStatus.FINISHED


def test_no_driver_no_outcome_but_a_reason(stage: Stage) -> None:
    made = stage.made(lambda n: [collect(n, "version.reachable")], b={})
    made.targets["b"] = replace(made.targets["b"], platform="unmanaged")
    record = stage.run(made.plan(checks={"version.reachable": {}}))
    assert how(record, "b/collect:facts") == (StepStatus.NOT_STARTED, NotStarted.UNMANAGED)
    reasons = {f.target: f.reason for f in record.findings}
    assert reasons == {"a": "", "b": NotEvaluated.UNMANAGED, "c": ""}


def test_two_of_a_redundancy_group_are_never_touched_together(serial: Stage) -> None:
    pair = {"redundancy_groups": ("pair",)}
    made = serial.made(lambda n: [change(n, "k1")], a=pair, b=pair)
    record = serial.run(made.plan())
    assert how(record, "a/role:k1") == (StepStatus.CHANGED, "")
    assert how(record, "b/role:k1") == (StepStatus.NOT_STARTED, NotStarted.REDUNDANCY)
    assert how(record, "c/role:k1") == (StepStatus.CHANGED, "")


def test_when_one_of_a_pair_fails_the_other_is_left_alone(serial: Stage) -> None:
    pair = {"redundancy_groups": ("pair",)}
    made = serial.made(
        lambda n: [change(n, "k1", "reject" if n == "a" else "new"), collect(n)], a=pair, b=pair
    )
    record = serial.run(made.plan(waves=[["a"], ["b", "c"]]))
    assert how(record, "b/role:k1") == (StepStatus.NOT_STARTED, NotStarted.REDUNDANCY)
    assert how(record, "b/collect:facts") == (StepStatus.OK, "")
    assert serial.devices["b"].log == []
    assert how(record, "c/role:k1") == (StepStatus.CHANGED, "")


def test_a_target_that_another_run_holds_is_not_touched(serial: Stage) -> None:
    other = serial.made(lambda n: [collect(n)]).plan()
    running = serial.journal.open_run(other, operator="other", request={})
    made = serial.made(lambda n: [change(n, "k1"), collect(n)], b={"redundancy_groups": ("g",)})
    with serial.journal.lock(["target:a", "group:g"], running.id):
        record = serial.run(made.plan())
    for name in ("a", "b"):
        assert how(record, f"{name}/role:k1") == (StepStatus.NOT_STARTED, NotStarted.LOCKED)
        assert how(record, f"{name}/collect:facts") == (StepStatus.OK, "")
        assert running.id in str(record.outcomes[f"{name}/role:k1"].message)
    assert how(record, "c/role:k1") == (StepStatus.CHANGED, "")


def test_targets_are_locked_while_they_are_changed(serial: Stage) -> None:
    made = serial.made(lambda n: [change(n, "k1")], a={"redundancy_groups": ("g",)})
    held: set[str] = set()
    serial.run(
        made.plan(waves=[["a"], ["b", "c"]]),
        on_event=lambda event: held.update(
            lock.name for lock in serial.journal.locks() if event.target == "a"
        ),
    )
    assert {"target:a", "group:g"} <= held
    assert "target:b" not in held


def test_a_run_is_carried_out_once(serial: Stage) -> None:
    plan = serial.made(lambda n: [change(n, "k1")]).plan()
    run = serial.journal.open_run(plan, operator="test", request={})
    with serial.journal._writing() as connection:  # as if another living process had it
        connection.exec_driver_sql("UPDATE locks SET pid = 1, process = 'x'")
        from dcctl.journal.locks import process_mark

        connection.exec_driver_sql("UPDATE locks SET process = ?", (process_mark(1),))
    with pytest.raises(LockHeld, match=run.id):
        serial.go(plan, run)
    assert all(device.log == [] for device in serial.devices.values())


def test_batches_take_all_targets_at_once_and_wait_for_what_comes_before(stage: Stage) -> None:
    def steps(name: str) -> list[Step]:
        one = change(name, "k2", executor="batch")
        return [
            change(name, "k1"),
            one,
            change(name, "k3", executor="batch", requires=(one.id,)),
            collect(name),
        ]

    record = stage.run(stage.made(steps).plan(options={"concurrency": 9}))
    assert record.step_counts() == {"changed": 9, "ok": 3}
    calls = sorted(stage.root.glob(".dcctl/shards/*/*/calls"))
    assert [call.read_text().splitlines() for call in calls] == [
        [" ".join(f"{n}/role:{k}" for n in "abc" for k in ("k2", "k3"))]
    ]
    assert stage.devices["a"].log == ["set k1 new", "set k2 new", "set k3 new"]


def test_batches_keep_within_a_sites_cap(serial: Stage) -> None:
    made = serial.made(
        lambda n: [change(n, "k1", executor="batch")], **{n: {"site": "X"} for n in "abc"}
    )
    serial.run(made.plan(options={"site_caps": {"X": 2}}))
    (call,) = serial.root.glob(".dcctl/shards/*/*/calls")
    assert call.read_text().splitlines() == ["a/role:k1 b/role:k1", "c/role:k1"]


def test_observing_says_what_would_change_and_changes_nothing(stage: Stage) -> None:
    def steps(name: str) -> list[Step]:
        return [
            Step(
                id=f"{name}/observe:{executor}",
                target=name,
                kind=StepKind.OBSERVE,
                name=executor,
                executor=executor,
                changes=False,
                settings={"of": [plain.to_plain(change(name, "k1", executor=executor))]},
            )
            for executor in ("socket", "batch")
        ]

    stage.devices["b"].close()
    record = stage.run(stage.made(steps).plan(options={"concurrency": 9}))
    for executor in ("socket", "batch"):
        outcome = record.outcomes[f"a/observe:{executor}"]
        assert outcome.status is StepStatus.OK
        assert outcome.data == {
            "predicted": {"a/role:k1": ["k1: None -> new"]},
            "fingerprint": plain.digest({"k1": ""}),
        }
    assert how(record, "b/observe:socket") == (StepStatus.UNREACHABLE, "")
    assert stage.devices["a"].log == []


def test_why_a_change_can_not_be_predicted_is_told(serial: Stage) -> None:
    class Unsure(SocketExecutor):
        def predict(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Any:
            for one in steps:
                unpredicted(self.context, one, Text("{it} is odd", {"it": one.name}))
            return dict.fromkeys((one.id for one in steps), None)

    def observe(name: str) -> list[Step]:
        of = [plain.to_plain(change(name, key)) for key in ("k1", "k2")]
        return [
            Step(
                id=f"{name}/observe:socket",
                target=name,
                kind=StepKind.OBSERVE,
                name="socket",
                executor="socket",
                changes=False,
                settings={"of": of},
            )
        ]

    runner = running.SerialRunner(build=lambda _name, context: Unsure(context))
    record = serial.run(serial.made(observe).plan(), runner=runner)
    outcome = record.outcomes["a/observe:socket"]
    assert outcome.data["predicted"] == {"a/role:k1": None, "a/role:k2": None}
    assert str(outcome.message) == "what it would change is not known: k1 is odd; k2 is odd"


def test_a_change_that_was_not_written_down_first_is_an_error(serial: Stage) -> None:
    made = serial.made(lambda n: [change(n, "k1")])
    record = serial.run(made.plan(options={"told_before": False}))
    assert {o.status for o in record.outcomes.values()} == {StepStatus.ERROR}
    assert "without writing it down" in str(record.outcomes["a/role:k1"].message)


def test_an_unknown_executor_costs_only_its_own_steps(stage: Stage) -> None:
    made = stage.made(
        lambda n: [change(n, "k1"), change(n, "k2", executor="nobody" if n == "a" else "socket")]
    )
    record = stage.run(made.plan(options={"concurrency": 9}))
    assert how(record, "a/role:k2")[0] is StepStatus.ERROR
    assert record.step_counts() == {"changed": 5, "error": 1}


def test_a_reading_settles_after_a_change(serial: Stage) -> None:
    """A check that fails right after a change is judged again until it passes or time is up."""
    made = serial.made(lambda n: [change(n, "k1"), collect(n, "version.hostname", settle_s=30)])
    made.targets["a"] = replace(made.targets["a"], intent={"release": "2.0"})
    made.steps = [
        change("a", "k1"),
        collect("a", "version.release", settle_s=30),
    ]
    plan = made.plan(waves=[["a"]], checks={"version.release": {}})
    plan = replace(
        plan,
        waves=(
            replace(plan.waves[0], steps=("a/role:k1",)),
            replace(plan.waves[0], index=1, steps=("a/collect:facts",)),
        ),
    )
    plan = replace(plan, hash=plan.content_hash())
    from dcctl import clock

    class Meanwhile(clock.ManualClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if self.monotonic() > 6:
                serial.devices["a"].answer({"do": "set", "key": "release", "value": "2.0"})

    with clock.use(Meanwhile()) as now:
        record = serial.run(plan)
        assert 6 < now.monotonic() < 30
    assert [f.status for f in record.findings] == [FindingStatus.PASS]


def test_the_same_record_each_time(serial: Stage) -> None:
    made = serial.made(lambda n: [change(n, "k1"), collect(n, "version.reachable")])
    first = serial.run(made.plan(checks={"version.reachable": {}}))
    again = serial.journal.record(first.run.id)
    assert plain.canonical(first) == plain.canonical(again)
