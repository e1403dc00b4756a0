"""device_session against a simulated Junos router: candidate, commit confirmed, rollback."""

from __future__ import annotations

import pytest

from dcctl import executors, platforms
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.planning.render import render, template_paths
from tests.unit.executors.conftest import ROOT
from tests.unit.executors.test_device_session import config

JUNOS = "p79-pe2"


@pytest.fixture
def lab(raise_elements):
    return raise_elements(JUNOS)


@pytest.fixture
def executor(lab, contexts):
    built = executors.build("device_session", lab.context(contexts))
    yield built
    built.close()


def running(executor, lab):
    return executor.reading(lab.targets[JUNOS], platforms.get("juniper_junos").change.running)


def test_every_topic_is_understood_before_and_after(lab, executor):
    target = lab.targets[JUNOS]
    topics = [collector.topic for collector in platforms.get("juniper_junos").collectors]
    good = {ReadingStatus.PARSED, ReadingStatus.EMPTY}
    bare = executor.read(target, topics)
    assert {reading.status for reading in bare.values()} <= good
    text = render(target, template_paths(ROOT))
    predicted = executor.predict([config(target, text)], lab.targets)[
        f"{JUNOS}/config:juniper_junos"
    ]
    assert not any(line.startswith("configure") for line in lab.commands(JUNOS))
    step = config(target, text, predicted=predicted)
    (outcome,) = executor.run([step], lab.targets)
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    assert set(outcome.changed) <= set(predicted)
    sent = lab.commands(JUNOS)
    assert sent.index("commit check") < sent.index("commit confirmed 1") < sent.index("commit")
    (again,) = executor.run([step], lab.targets)
    assert again.status is StepStatus.OK
    assert lab.commands(JUNOS).count("commit") == 1
    built = executor.read(target, topics)
    assert {reading.status for reading in built.values()} <= good
    assert built["management"].value.hostname == JUNOS
    assert built["bgp"].value.items
    assert [one.host for one in built["logging"].value.destinations]


def test_a_refused_line_leaves_neither_change_nor_candidate(lab, executor):
    target = lab.targets[JUNOS]
    before = running(executor, lab)
    text = "set system domain-name north\nset no such statement\n"
    (outcome,) = executor.run([config(target, text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert not any(line.startswith("commit") for line in lab.commands(JUNOS))
    assert running(executor, lab) == before
    fine = "set system domain-name north\n"
    (next_one,) = executor.run([config(target, fine)], lab.targets)
    assert next_one.status is StepStatus.CHANGED
    assert next_one.changed == ("+ set system domain-name north",)
