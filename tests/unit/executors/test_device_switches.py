"""device_session against a simulated Arista switch and a Nexus: each goes back in its own way."""

from __future__ import annotations

import threading

import pytest

from dcctl import executors
from dcctl.executors import sealing
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from tests.unit.executors.test_device_session import config
from tests.unit.platforms.switch_estate import NAMES, intended, target

GOOD = {ReadingStatus.PARSED, ReadingStatus.EMPTY}
# The two commands between which a change is on trial, and what ends it the other way.
TRIAL = {
    "eos": ("commit timer 00:01:00", "configure session dcctl-", "abort"),
    "nexus": ("checkpoint dcctl-net", "no scheduler schedule name dcctl-net", "rollback running"),
}
SAVED = {"eos": "write memory", "nexus": "copy running-config startup-config"}


@pytest.fixture
def lab(raise_elements):
    return raise_elements(*(target(name) for name in NAMES))


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


def running(executor, lab, name):
    return executor.reading(lab.targets[name], NAMES[name].change.running)


def planned(lab, executor, name, text):
    one = lab.targets[name]
    (predicted,) = executor.predict([config(one, text)], lab.targets).values()
    return config(one, text, predicted=predicted)


def misread(readings):
    return {topic: str(one.message) for topic, one in readings.items() if one.status not in GOOD}


def place(sent, start, after=0, end=""):
    found = (
        number
        for number, line in enumerate(sent)
        if number >= after and line.startswith(start) and line.endswith(end)
    )
    return next(found)


def test_planned_applied_confirmed_read_and_brought_back(lab, executor, contexts):
    for name, platform in NAMES.items():
        one, topics = lab.targets[name], [collector.topic for collector in platform.collectors]
        assert misread(executor.read(one, topics)) == {}, name
        before = running(executor, lab, name)
        step = planned(lab, executor, name, intended(name))
        assert not any(line.startswith("conf") for line in lab.commands(name))
        (outcome,) = executor.run([step], lab.targets)
        assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, ""), name
        assert outcome.data["safety_net"]
        assert set(outcome.changed) <= set(step.predicted)
        sent = lab.commands(name)
        begun = place(sent, TRIAL[name][0])
        looked = place(sent, "show running-config", begun)
        confirmed = place(sent, TRIAL[name][1], looked)
        assert begun < looked < confirmed < place(sent, SAVED[name], confirmed)
        (again,) = executor.run([step], lab.targets)
        assert (again.status, again.changed) == (StepStatus.OK, ())
        built = executor.read(one, topics)
        assert misread(built) == {}, name
        assert built["management"].value.hostname == name
        assert [p.neighbor for p in built["bgp"].value.items] == [f"10.255.0.{3 - _number(name)}"]
        backup = contexts.kept.blobs[outcome.data["backup"]["sealed"]].decode()
        assert "$5$" not in str(outcome)
        assert "$6$" not in str(outcome)
        (restored,) = executor.run([_restore(name, backup)], lab.targets)
        assert (restored.status, str(restored.message)) == (StepStatus.CHANGED, ""), name
        assert _plain(running(executor, lab, name)) == _plain(before)


def _number(name):
    return list(NAMES).index(name) + 1


def _plain(text):
    """Without the scheduler's feature: the safety net's own need is not taken back."""
    return [line for line in text.splitlines() if line != "feature scheduler"]


def _restore(name, sealed):
    return Step(
        id=f"{name}/config:restore",
        target=name,
        kind=StepKind.CONFIG,
        name="restore",
        executor="device_session",
        changes=True,
        settings={"sealed": sealed, "allow_destructive": True},
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_line_leaves_neither_change_nor_net(lab, executor, name):
    before = running(executor, lab, name)
    text = "hostname other\nno such statement at all\n"
    (outcome,) = executor.run([config(lab.targets[name], text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    assert _plain(running(executor, lab, name)) == _plain(before)
    assert SAVED[name] not in lab.commands(name)
    (fine,) = executor.run([config(lab.targets[name], f"hostname {name}2\n")], lab.targets)
    assert (fine.status, str(fine.message)) == (StepStatus.CHANGED, "")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_as_wanted_afterwards_is_taken_back_at_once(lab, executor, name):
    """The switch writes the address in its own way, so that the wanted line is never seen."""
    before = running(executor, lab, name)
    port = {"eos": "Loopback5", "nexus": "loopback5"}[name]
    text = f"hostname {name}2\ninterface {port}\n  ip address 10.9.0.1/032\n"
    (outcome,) = executor.run([config(lab.targets[name], text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "taken back" in str(outcome.message)
    sent = lab.commands(name)
    assert any(TRIAL[name][2] in line for line in sent)
    if name == "nexus":
        assert sent.count("no checkpoint dcctl-net") == 1
    assert SAVED[name] not in lab.commands(name)
    assert _plain(running(executor, lab, name)) == _plain(before)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_cut_off_by_its_change_the_switch_goes_back_by_itself(lab, executor, name):
    """No new login works: nobody confirms, nobody can take it back, and the old one comes back."""
    one, platform = lab.targets[name], NAMES[name]
    before = running(executor, lab, name)
    step = planned(lab, executor, name, intended(name))
    lab.fault(name, "refuse_auth")
    again = threading.Timer(45, lab.fault, (name, "clear"))
    again.start()
    (outcome,) = executor.run([step], lab.targets)
    again.join()
    assert outcome.status is StepStatus.FAILED
    assert "the old configuration is there again" in str(outcome.message)
    assert _plain(running(executor, lab, name)) == _plain(before)
    sent = lab.commands(name)
    assert place(sent, TRIAL[name][0]) > 0
    assert SAVED[name] not in sent
    assert misread(executor.read(one, [c.topic for c in platform.collectors])) == {}
    (outcome,) = executor.run([step], lab.targets)
    assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
