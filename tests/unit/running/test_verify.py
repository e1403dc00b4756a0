"""After each changing wave what passed before is asked again, before the next is touched."""

from __future__ import annotations

from dataclasses import replace

from dcctl.model.plan import Step
from dcctl.model.status import NotStarted, StepStatus
from dcctl.planning.waves import make_waves
from tests.unit.running.conftest import Stage
from tests.unit.running.device import change, collect

EXPECTED = {"intent": {"minimum_release": "1.0"}}


def built(stage: Stage, release: str):
    def steps(name: str) -> list[Step]:
        verify = collect(name, "version.release", verify=True)
        verify = replace(verify, id=f"{name}/collect:verify", name="verify")
        return [change(name, "release", release), verify]

    made = stage.made(steps, **dict.fromkeys(stage.devices, EXPECTED))
    plan = made.plan(options={"concurrency": 9, "max_failures": 0}, checks={"version.release": {}})
    waves = make_waves(made.steps, {"pair": list(stage.devices)})
    assert [wave.title for wave in waves] == ["change", "verify"] * len(stage.devices)
    plan = replace(plan, waves=waves)
    return stage.run(replace(plan, hash=plan.content_hash()))


def test_a_change_that_breaks_what_passed_keeps_its_fellows_untouched(stage: Stage) -> None:
    record = built(stage, "0.9")
    first, *fellows = stage.devices
    assert record.outcomes[f"{first}/role:release"].status is StepStatus.CHANGED
    verified = record.outcomes[f"{first}/collect:verify"]
    assert verified.status is StepStatus.FAILED
    assert "version.release" in str(verified.message)
    for name in fellows:
        outcome = record.outcomes[f"{name}/role:release"]
        assert outcome.status is StepStatus.NOT_STARTED
        assert outcome.reason in {NotStarted.MAX_FAILURES, NotStarted.REDUNDANCY}
        assert stage.devices[name].log == []
    assert record.exit_code() == 3


def test_a_change_that_breaks_nothing_goes_on(stage: Stage) -> None:
    record = built(stage, "1.1")
    assert record.step_counts() == {"changed": len(stage.devices), "ok": len(stage.devices)}
