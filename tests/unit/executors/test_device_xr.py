"""device_session against a simulated IOS XR router: the trial is held while a new login looks."""

from __future__ import annotations

import pytest

from dcctl import executors, platforms
from dcctl.executors import sealing
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from tests.unit.executors.test_device_session import config
from tests.unit.platforms import xr_estate

XR = "xr1"


@pytest.fixture
def lab(raise_elements):
    return raise_elements(xr_estate.target(XR))


@pytest.fixture
def executor(lab, contexts, tmp_path):
    key = tmp_path / "backup.key"
    key.touch(mode=0o600)
    key.write_text(sealing.new_key() + "\n")
    built = executors.build(
        "device_session", lab.context(contexts, **{sealing.OPTION: f"file:{key}"})
    )
    yield built
    built.close()


def running(executor, lab):
    return executor.reading(lab.targets[XR], platforms.get("cisco_xr").change.running)


def test_every_topic_is_understood_before_and_after(lab, executor):
    target = lab.targets[XR]
    topics = [collector.topic for collector in platforms.get("cisco_xr").collectors]
    good = {ReadingStatus.PARSED, ReadingStatus.EMPTY}
    bare = executor.read(target, topics)
    assert {reading.status for reading in bare.values()} <= good
    text = xr_estate.intended(XR)
    (predicted,) = executor.predict([config(target, text)], lab.targets).values()
    assert not any(line.startswith("configure") for line in lab.commands(XR))
    step = config(target, text, predicted=predicted)
    (outcome,) = executor.run([step], lab.targets)
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    assert set(outcome.changed) <= set(predicted)
    sent = lab.commands(XR)
    trial = sent.index("commit confirmed 60")
    looked = sent.index("show running-config", trial)
    assert trial < looked < sent.index("commit", looked)
    assert not any("abort" in line for line in sent[trial : sent.index("commit", looked)])
    (again,) = executor.run([step], lab.targets)
    assert again.status is StepStatus.OK
    built = executor.read(target, topics)
    assert {reading.status for reading in built.values()} <= good
    assert built["management"].value.hostname == XR
    assert built["bgp"].value.items
    assert [one.host for one in built["logging"].value.destinations]


def test_a_refused_line_leaves_neither_change_nor_candidate(lab, executor):
    before = running(executor, lab)
    target = lab.targets[XR]
    text = "domain name north.example\nno such statement\n"
    (outcome,) = executor.run([config(target, text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert not any(line.startswith("commit") for line in lab.commands(XR))
    assert running(executor, lab) == before
    (fine,) = executor.run([config(target, "domain name north.example\n")], lab.targets)
    assert fine.status is StepStatus.CHANGED
    assert fine.changed == ("+ domain name north.example",)


def test_a_change_that_is_not_seen_afterwards_is_taken_back_at_once(lab, executor):
    """The router writes the line in its own way, so that the wanted one is never seen."""
    before = running(executor, lab)
    (outcome,) = executor.run([config(lab.targets[XR], "logging 10.60.10.9\n")], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "these lines still differ" in str(outcome.message)
    assert "taken back" in str(outcome.message)
    sent = lab.commands(XR)
    assert sent[sent.index("commit confirmed 60") :].count("abort") == 1
    assert "commit" not in sent
    assert running(executor, lab) == before


def test_what_the_router_refuses_to_commit_is_said_in_its_words(lab, executor):
    target = lab.targets[XR]
    text = "router bgp 64512\n neighbor 10.0.0.9\n  description no AS is given\n !\n!\n"
    (outcome,) = executor.run([config(target, text)], lab.targets)
    if outcome.status is StepStatus.CHANGED:
        pytest.fail("the router took a neighbour without an AS")
    assert outcome.status is StepStatus.FAILED
    assert "show configuration failed" in lab.commands(XR)
    assert "commit confirmed 60" in str(outcome.message)


def test_a_backup_brings_everything_back(lab, executor, contexts):
    target = lab.targets[XR]
    keep = Step(
        id=f"{XR}/backup",
        target=XR,
        kind=StepKind.BACKUP,
        name="backup",
        executor="device_session",
        changes=False,
    )
    before = running(executor, lab)
    (kept,) = executor.run([keep], lab.targets)
    assert kept.data["backup"]["proof"] == "end_marker+second_read"
    text = xr_estate.intended(XR)
    (predicted,) = executor.predict([config(target, text)], lab.targets).values()
    (changed,) = executor.run([config(target, text, predicted=predicted)], lab.targets)
    assert changed.status is StepStatus.CHANGED
    sealed = contexts.kept.blobs[kept.data["backup"]["sealed"]].decode()
    back = Step(
        id=f"{XR}/config:restore",
        target=XR,
        kind=StepKind.CONFIG,
        name="restore",
        executor="device_session",
        changes=True,
        settings={"sealed": sealed},
    )
    (restored,) = executor.run([back], lab.targets)
    assert (restored.status, str(restored.message)) == (StepStatus.CHANGED, "")
    assert running(executor, lab) == before
