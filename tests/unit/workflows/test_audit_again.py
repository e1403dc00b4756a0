"""What is judged again from the kept answers is what was judged when the device was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl import checks, clock
from dcctl.errors import JournalError
from dcctl.model.status import FindingStatus, NotEvaluated, ReadingStatus
from dcctl.workflows.audit import again
from tests.unit.workflows.audited import Kept, record_of

ELEMENTS = ("p01-pe1", "hl-cor-r1", "p08-pe1", "p38-pe1", "p42-pe1", "p46-pe1", "p48-pe1")


@pytest.fixture(scope="module", params=ELEMENTS)
def seen(request):
    with clock.use(clock.ManualClock()) as time:
        scene = Kept(name=request.param, time=time)
        yield scene, *record_of(scene)


def told(findings) -> dict[str, tuple]:
    return {f.check: (f.status, f.reason, f.message.msgid) for f in findings}


def test_the_facts_are_the_same(seen) -> None:
    scene, record, readings = seen
    fresh = again.readings(record, scene.name, scene.blob)
    assert set(fresh) == set(readings)
    assert any(reading.status is ReadingStatus.PARSED for reading in fresh.values())
    for topic, reading in readings.items():
        value = reading.value
        if topic == "management":  # what stood for a secret is told apart by its digest
            assert len(fresh[topic].value.users) == len(value.users)
            continue
        assert fresh[topic] == reading, topic
        assert fresh[topic].value == value


def test_the_findings_are_the_same(seen) -> None:
    scene, record, readings = seen
    asked = checks.tailor(checks.all_checks())
    fresh = again.findings(record, scene.blob, asked)
    before = checks.evaluate(scene.target, readings, asked)
    assert told(fresh) == told(before)
    assert {f.status for f in fresh} >= {FindingStatus.PASS}


def test_what_is_lost_or_damaged_is_never_a_pass(seen) -> None:
    scene, record, _ = seen
    asked = checks.tailor(checks.all_checks())
    before = {f.check: f for f in again.findings(record, scene.blob, asked)}

    def damaged(digest: str) -> bytes:
        raise JournalError("the evidence {name} is not what its digest says", name=digest)

    for finding in again.findings(record, damaged, asked):
        assert finding.status in {FindingStatus.NOT_APPLICABLE, FindingStatus.NOT_EVALUATED}
        if before[finding.check].status is FindingStatus.PASS:
            assert finding.status is FindingStatus.NOT_EVALUATED
            assert finding.reason == NotEvaluated.ERROR


def test_an_answer_to_another_command_is_not_taken_for_it(seen) -> None:
    scene, record, _ = seen
    kept = dict(record.readings[scene.name])
    kept["version"] = {
        **kept["version"],
        "answers": [{**one, "command": "show weather"} for one in kept["version"]["answers"]],
    }
    changed = replace(record, readings={scene.name: kept})
    reading = again.readings(changed, scene.name, scene.blob)["version"]
    assert reading.status is ReadingStatus.ERROR
    assert "another way" in reading.message
