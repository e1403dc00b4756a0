"""device_session against simulated Huawei routers: trials by their persistence id, or no net."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl import executors, platforms
from dcctl.executors import sealing
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import NotStarted, ReadingStatus, StepStatus
from dcctl.planning.render import render, template_paths
from tests.unit.executors.conftest import ROOT
from tests.unit.executors.test_device_session import config
from tests.unit.platforms.huawei_vrp_pair import target

TOPICS = [collector.topic for collector in platforms.get("huawei_vrp").collectors]
GOOD = {ReadingStatus.PARSED, ReadingStatus.EMPTY}
TRIAL = "commit trial 60 persist dcctl"
CONFIRMED, ABORTED = "commit persist dcctl", "abort trial persist dcctl"


@pytest.fixture
def lab(raise_elements):
    return raise_elements(target(1), target(2))


@pytest.fixture
def executor(lab, contexts, tmp_path):
    key = tmp_path / "backup.key"
    key.touch(mode=0o600)
    key.write_text(sealing.new_key() + "\n")
    options = {sealing.OPTION: f"file:{key}"}
    built = executors.build("device_session", lab.context(contexts, **options))
    yield built
    built.close()


def rendered(lab, executor, name="v1", **changed):
    one = lab.targets[name]
    text = render(one, template_paths(ROOT))
    for old, new in changed.items():
        text = text.replace(old, new)
    wanted = config(one, text)
    return config(one, text, predicted=executor.predict([wanted], lab.targets)[wanted.id])


def running(executor, lab, name="v1"):
    text = executor.reading(lab.targets[name], platforms.get("huawei_vrp").change.running)
    return [line for line in text.splitlines() if not line.startswith("!")]


def misread(readings):
    return {topic: str(one.message) for topic, one in readings.items() if one.status not in GOOD}


def test_every_topic_is_understood_before_and_after(lab, executor):
    bare = executor.read(lab.targets["v1"], TOPICS)
    assert misread(bare) == {}
    for name in ("v2", "v1"):
        step = rendered(lab, executor, name)
        assert not any(line == "system-view" for line in lab.commands(name))
        (outcome,) = executor.run([step], lab.targets)
        assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
        assert outcome.data["safety_net"]
        assert set(outcome.changed) <= set(step.predicted)
    sent = lab.commands("v1")
    assert sent.index(TRIAL) < sent.index(CONFIRMED) < sent.index("save")
    assert "$1c$" not in str(outcome)  # no password, not even scrambled
    (again,) = executor.run([step], lab.targets)
    assert again.status is StepStatus.OK
    assert lab.commands("v1").count(TRIAL) == 1
    built = executor.read(lab.targets["v1"], TOPICS)
    assert misread(built) == {}
    assert built["management"].value.hostname == "v1"
    assert built["bgp"].value.items
    assert [one.host for one in built["logging"].value.destinations] == ["10.60.10.61"]


def test_a_refused_line_leaves_neither_change_nor_candidate(lab, executor):
    before = running(executor, lab)
    (outcome,) = executor.run([rendered(lab, executor, **{"mtu 9000": "mtu many"})], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "Error:" in str(outcome.message)
    assert running(executor, lab) == before
    assert TRIAL not in lab.commands("v1")


def test_what_is_not_as_wanted_is_taken_back(lab, executor):
    """The router writes the line in its own way, so that the wanted one is never seen."""
    before = running(executor, lab)
    text = "ip route-static 198.51.100.0 24 NULL0\n"
    (outcome,) = executor.run([config(lab.targets["v1"], text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "these lines still differ" in str(outcome.message)
    assert "taken back" in str(outcome.message)
    sent = lab.commands("v1")
    assert sent.index(TRIAL) < sent.index(ABORTED)
    assert CONFIRMED not in sent
    assert running(executor, lab) == before


def test_a_backup_brings_everything_back(lab, executor, contexts):
    before = running(executor, lab)
    (outcome,) = executor.run([rendered(lab, executor)], lab.targets)
    assert outcome.status is StepStatus.CHANGED
    assert running(executor, lab) != before
    sealed = contexts.kept.blobs[outcome.data["backup"]["sealed"]].decode()
    assert "$1c$" not in sealed
    back = Step(
        id="v1/config:restore",
        target="v1",
        kind=StepKind.CONFIG,
        name="restore",
        executor="device_session",
        changes=True,
        settings={"sealed": sealed, "allow_destructive": True},
    )
    (restored,) = executor.run([back], lab.targets)
    assert (restored.status, str(restored.message)) == (StepStatus.CHANGED, "")
    assert sorted(running(executor, lab)) == sorted(before)


@pytest.fixture
def old(raise_elements):
    one = target(1)
    return raise_elements(replace(one, intent={**one.intent, "device_type": "huawei/ar6280"}))


def name_step(lab):
    return config(lab.targets["v1"], "sysname v1\nclock timezone ICT add 07:00:00\n")


def test_without_a_net_a_change_is_refused(old, contexts):
    executor = executors.build("device_session", old.context(contexts))
    (outcome,) = executor.run([name_step(old)], old.targets)
    executor.close()
    assert (outcome.status, outcome.reason) == (StepStatus.NOT_STARTED, NotStarted.REFUSED)
    assert "system-view" not in old.commands("v1")


def test_without_a_net_policy_may_allow_it(old, contexts):
    executor = executors.build("device_session", old.context(contexts, approved=["no_safety_net"]))
    (outcome,) = executor.run([name_step(old)], old.targets)
    read = executor.read(old.targets["v1"], TOPICS)
    executor.close()
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
    assert outcome.data["safety_net"] == "none"
    sent = old.commands("v1")
    assert "save" in sent
    assert not any("commit" in line for line in sent)
    # What this generation has no command for is told as such.
    assert set(misread(read)) == {"redundancy", "ptp", "synce"}
