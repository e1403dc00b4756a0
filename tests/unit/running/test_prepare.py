"""Workers that are started before their orders: no more than needed, and none is left behind."""

from __future__ import annotations

import pytest

from dcctl.model.plan import Plan
from dcctl.model.target import Connection, Target
from dcctl.running.local import LocalRunner


def plan_of(count):
    where = Connection(address="127.0.0.1", port=1, credential="none")
    targets = {
        f"t{n}": Target(name=f"t{n}", platform="frr", kind="router", connection=where)
        for n in range(count)
    }
    return Plan(verb="exec", estate="any", lab=True, targets=targets, steps=(), waves=())


@pytest.mark.parametrize(("targets", "workers"), [(0, 0), (25, 1), (26, 2), (500, 2)])
def test_as_many_as_shards_will_be_and_all_are_ended(targets, workers):
    runner = LocalRunner(2)
    runner.prepare(plan_of(targets))
    started = list(runner._ready)
    assert len(started) == workers
    assert all(process.poll() is None for process in started)
    runner.dismiss()
    assert all(process.returncode is not None for process in started)


def test_one_whose_parent_lets_go_ends_by_itself():
    runner = LocalRunner(1)
    runner.prepare(plan_of(1))
    (process,) = runner._ready
    process.stdin.close()
    assert process.wait(60) == 0
    process.stdout.close()
    runner._ready.clear()
