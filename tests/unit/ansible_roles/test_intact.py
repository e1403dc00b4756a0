"""Only the role that was approved is applied; what changed meanwhile is refused."""

from __future__ import annotations

from dataclasses import replace

from dcctl.discovery import tree_digest
from dcctl.model.plan import Step
from dcctl.model.status import NotStarted, StepStatus
from tests.unit.ansible_roles.conftest import Bench, step

TOUCH = "- ansible.builtin.command: touch {{ folder }}/touched\n"


def _planned(bench: Bench, target: str, role: str) -> Step:
    made = step(target, role)
    digest = tree_digest(bench.root / "roles" / role)
    return replace(made, settings={**made.settings, "digest": digest})


def test_a_role_that_changed_since_the_plan_is_not_applied(bench: Bench) -> None:
    bench.role("first", TOUCH)
    bench.role("later", TOUCH)
    steps = [_planned(bench, "one", "first"), _planned(bench, "one", "later")]
    bench.role("first", TOUCH + "# and more\n")
    found = bench.run(steps, bench.target("one"))
    told = [(found[one.id].status, found[one.id].reason) for one in steps]
    assert told == [
        (StepStatus.NOT_STARTED, NotStarted.STALE),
        (StepStatus.NOT_STARTED, NotStarted.DEPENDENCY),
    ]
    assert "the role first changed" in str(found["one/role:first"].message)
    assert not (bench.root / "touched").exists()
    assert bench.started() == []


def test_a_role_that_is_gone_is_not_looked_for_elsewhere(bench: Bench) -> None:
    bench.role("first", TOUCH)
    made = _planned(bench, "one", "first")
    (bench.root / "roles" / "first").rename(bench.root / "elsewhere")
    found = bench.run([made], bench.target("one"))
    assert found[made.id].reason == NotStarted.STALE


def test_an_unchanged_role_is_applied(bench: Bench) -> None:
    bench.role("first", TOUCH)
    made = _planned(bench, "one", "first")
    assert bench.run([made], bench.target("one"))[made.id].status is StepStatus.CHANGED
