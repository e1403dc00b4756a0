"""device_session against simulated SR OS routers: an exclusive candidate, a commit on trial."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcctl import executors, platforms
from dcctl.executors import hostkeys
from dcctl.lab import elements
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.model.target import Connection
from tests.unit.executors.conftest import Elements
from tests.unit.executors.test_device_session import config
from tests.unit.platforms.sros_estate import NAMES, intended, target

SROS = platforms.get("nokia_sros")


@pytest.fixture
def lab(tmp_path):
    """Both routers, served over SSH."""
    folder = tmp_path / "lab"
    targets = {name: target(name) for name in NAMES}
    known_hosts = folder / "known_hosts"
    entries = elements.up(tuple(targets.values()), folder, "sros0001")
    for entry in entries:
        hostkeys.pin(known_hosts, entry.name, entry.host_key)
    reached = {
        entry.name: replace(
            targets[entry.name],
            connection=Connection(
                address=entry.address,
                port=entry.port,
                host_key_alias=entry.name,
                known_hosts=str(known_hosts),
                credential="lab",
            ),
        )
        for entry in entries
    }
    yield Elements(folder, reached)
    elements.down(folder)


@pytest.fixture
def executor(lab, contexts):
    built = executors.build("device_session", lab.context(contexts))
    yield built
    built.close()


def running(executor, lab, name="s1"):
    return executor.reading(lab.targets[name], SROS.change.running)


def test_a_router_is_built_confirmed_and_read(lab, executor):
    topics = [collector.topic for collector in SROS.collectors]
    good = {ReadingStatus.PARSED, ReadingStatus.EMPTY}
    bare = executor.read(lab.targets["s1"], topics)
    assert {t: str(r.message) for t, r in bare.items() if r.status not in good} == {}
    for name in NAMES:
        one = lab.targets[name]
        predicted = executor.predict([config(one, intended(name))], lab.targets)
        step = config(one, intended(name), predicted=next(iter(predicted.values())))
        (outcome,) = executor.run([step], lab.targets)
        assert (outcome.status, str(outcome.message)) == (StepStatus.CHANGED, "")
        (again,) = executor.run([step], lab.targets)
        assert again.status is StepStatus.OK
    sent = lab.commands("s1")
    order = ["validate", "commit confirmed 1", "commit confirmed accept", "admin save"]
    assert [sent.index(command) for command in order] == sorted(map(sent.index, order))
    assert sent.count("commit confirmed accept") == 1
    built = executor.read(lab.targets["s1"], topics)
    assert {t: str(r.message) for t, r in built.items() if r.status not in good} == {}
    assert built["management"].value.hostname == "s1"


def test_a_refused_line_leaves_neither_change_nor_candidate(lab, executor):
    one = lab.targets["s1"]
    before = running(executor, lab)
    text = 'configure {\n    system {\n        name "s9"\n        no-such-thing 1\n    }\n}\n'
    (outcome,) = executor.run([config(one, text)], lab.targets)
    assert outcome.status is StepStatus.FAILED
    assert "commit confirmed 1" not in lab.commands("s1")
    assert running(executor, lab) == before
    (fine,) = executor.run(
        [config(one, 'configure {\n    system {\n        location "hall A"\n    }\n}\n')],
        lab.targets,
    )
    assert fine.status is StepStatus.CHANGED
    assert fine.changed == ('+ /configure system location "hall A"',)


@pytest.mark.slow  # SR OS counts in minutes
def test_a_change_that_shuts_out_new_logins_comes_back(lab, executor):
    """The session that holds the change stays; a new login is refused; so it is taken back."""
    one = lab.targets["s1"]
    before = running(executor, lab)
    lab_of = lab

    def refuse(kind, step, durable):
        del kind, step
        if durable:
            lab_of.fault("s1", "refuse_auth")

    executor._context.emit.__self__.on_event = refuse
    text = 'configure {\n    system {\n        location "hall B"\n    }\n}\n'
    step = config(one, text)
    try:
        (outcome,) = executor.run([step], lab.targets)
    finally:
        executor._context.emit.__self__.on_event = None
        lab.fault("s1", "clear")
    assert outcome.status in (StepStatus.ERROR, StepStatus.FAILED)
    assert running(executor, lab) == before
