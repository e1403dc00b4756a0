"""device_session against simulated SAOS switches: read over real SSH, never changed."""

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
from tests.unit.platforms.test_ciena_saos import target

SAOS = platforms.get("ciena_saos")


@pytest.fixture
def lab(tmp_path):
    """Both switches, served over SSH."""
    folder = tmp_path / "lab"
    targets = {f"c{number}": target(number) for number in (1, 2)}
    known_hosts = folder / "known_hosts"
    reached = {}
    for entry in elements.up(tuple(targets.values()), folder, "saos0001"):
        hostkeys.pin(known_hosts, entry.name, entry.host_key)
        reached[entry.name] = replace(
            targets[entry.name],
            connection=Connection(
                address=entry.address,
                port=entry.port,
                host_key_alias=entry.name,
                known_hosts=str(known_hosts),
                credential="lab",
            ),
        )
    yield Elements(folder, reached)
    elements.down(folder)


@pytest.fixture
def executor(lab, contexts):
    built = executors.build("device_session", lab.context(contexts))
    yield built
    built.close()


def test_every_topic_is_read_over_ssh(lab, executor):
    topics = [collector.topic for collector in SAOS.collectors]
    readings = executor.read(lab.targets["c1"], topics)
    good = {ReadingStatus.PARSED, ReadingStatus.EMPTY}
    assert {t: str(r.message) for t, r in readings.items() if r.status not in good} == {}
    assert readings["version"].value.release == "6.18.0.1848"
    sent = lab.commands("c1")
    assert sent[0] == "system shell session set more off"
    allowed = {command for collector in SAOS.collectors for command in collector.commands}
    assert set(sent[1:]) <= allowed


def test_a_change_is_refused_and_nothing_is_sent(lab, executor):
    one = lab.targets["c1"]
    (outcome,) = executor.run([config(one, "system set host-name c9\n")], lab.targets)
    assert outcome.status is StepStatus.NOT_STARTED
    assert outcome.message.msgid == "{platform}: no way to change its configuration"
    assert not [line for line in lab.commands("c1") if line.startswith("system set host-name")]
