"""What only reads leaves alone an element whose safety net any login would end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl.model.plan import Plan
from dcctl.model.status import NotStarted, StepStatus
from tests.unit.running.conftest import Stage
from tests.unit.running.device import collect


@pytest.mark.parametrize(
    ("platform", "verb", "looked"),
    [
        ("huawei_vrp", "upgrade", False),
        ("huawei_vrp", "build", True),  # its net is another one
        ("cisco_xe", "upgrade", True),  # a timer, whoever logs in
    ],
)
def test_nobody_logs_in_while_a_login_would_end_its_net(
    serial: Stage, platform: str, verb: str, *, looked: bool
) -> None:
    made = serial.made(lambda name: [collect(name)])
    made.targets["a"] = replace(made.targets["a"], platform=platform)
    plan: Plan = made.plan()
    other = replace(plan, verb=verb)
    other = replace(other, hash=other.content_hash())
    serial.journal.keep_plan(other, operator="lan")
    holder = serial.journal.open_run(other, operator="lan", request={})
    serial.journal.take_locks(["target:a"], holder.id)

    outcomes = {o.target: o for o in serial.run(plan).outcomes.values()}
    assert outcomes["b"].status is StepStatus.OK
    assert (outcomes["a"].status is StepStatus.OK) == looked
    if not looked:
        assert outcomes["a"].reason == NotStarted.REFUSED
        assert f"is upgraded by run {holder.id}" in str(outcomes["a"].message)
        serial.journal.release_locks(holder.id)
        again = {o.target: o.status for o in serial.run(plan).outcomes.values()}
        assert again["a"] is StepStatus.OK
