"""The rules that every door keeps: contracts.Executor, asked of each against its real part."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

import pytest

from dcctl import executors
from dcctl.model.outcome import Outcome
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.model.target import Target
from tests.unit.executors.conftest import PASSWORD, free_port

XE = "p01-pe1"


@dataclass
class Door:
    """One executor, a target that it reaches, a command that only reads and one that doesn't."""

    executor: Any
    kept: Any
    target: Target
    reads: str
    writes: str
    secret: str

    def command(self, text: str, target: Target | None = None) -> Step:
        name = (target or self.target).name
        return Step(
            id=f"{name}/command:exec",
            target=name,
            kind=StepKind.COMMAND,
            name="exec",
            executor=self.executor.name,
            changes=False,
            settings={"command": text},
        )

    def run(self, *steps: Step) -> list[Outcome]:
        return list(self.executor.run(steps, {self.target.name: self.target}))


def server_shell(request) -> Door:
    sshd, contexts = request.getfixturevalue("sshd"), request.getfixturevalue("contexts")
    options = {"credentials": sshd.credentials, "timeouts": {"connect": 5, "command": 20}}
    executor = executors.build("server_shell", contexts(**options))
    target = sshd.target("password")
    return Door(executor, contexts.kept, target, "uname -s", "touch /tmp/x", PASSWORD)


def device_session(request) -> Door:
    lab, contexts = (
        request.getfixturevalue("raise_elements")(XE),
        request.getfixturevalue("contexts"),
    )
    executor = executors.build("device_session", lab.context(contexts))
    target = lab.targets[XE]
    return Door(executor, contexts.kept, target, "show version", "reload", lab.password())


def replay(request) -> Door:
    contexts, tmp_path = request.getfixturevalue("contexts"), request.getfixturevalue("tmp_path")
    target = request.getfixturevalue("sample").target(XE)
    folder = tmp_path / "transcripts" / XE
    folder.mkdir(parents=True)
    (folder / "show_version.txt").write_text("Cisco IOS XE Software, Version 17.09.04a\n")
    executor = executors.build("replay", contexts())
    return Door(executor, contexts.kept, target, "show version", "reload", "no-secret-is-needed")


@pytest.fixture(params=[server_shell, device_session, replay], ids=lambda door: door.__name__)
def door(request):
    if request.param is server_shell and os.geteuid() != 0:
        pytest.skip("a user with a password needs root")
    made = request.param(request)
    yield made
    made.executor.close()


def gone(door: Door) -> Target:
    """The same target where nobody is."""
    nobody = replace(door.target.connection, address="127.0.0.1", port=free_port())
    return replace(door.target, name="gone", connection=nobody)


def test_it_is_what_it_is_called(door):
    assert type(door.executor.batches) is bool
    assert executors.__name__ + "." + door.executor.name in type(door.executor).__module__


def test_closing_is_idempotent_and_ends_nothing_for_good(door):
    door.executor.close()
    assert door.run(door.command(door.reads))[0].status is StepStatus.OK
    door.executor.close()
    door.executor.close()
    assert door.run(door.command(door.reads))[0].status is StepStatus.OK


def test_every_topic_that_is_asked_for_is_answered_in_order(door):
    asked = ("version", "no_such_topic", "interfaces")
    readings = door.executor.read(door.target, asked)
    assert tuple(readings) == asked
    assert all(reading.topic == topic for topic, reading in readings.items())
    assert readings["no_such_topic"].status is ReadingStatus.NO_TEMPLATE


def test_what_the_target_does_is_a_reading_and_never_raised(door):
    readings = door.executor.read(gone(door), ("version", "interfaces"))
    assert set(readings) == {"version", "interfaces"}
    assert all(reading.status is not ReadingStatus.PARSED for reading in readings.values())
    assert all(reading.value is None and reading.message for reading in readings.values())


def test_each_step_ends_as_exactly_one_outcome_in_its_order(door):
    steps = [
        replace(door.command(text), id=f"{door.target.name}/command:{n}")
        for n, text in enumerate((door.reads, door.writes, door.reads))
    ]
    outcomes = door.run(*steps)
    assert [outcome.step for outcome in outcomes] == [step.id for step in steps]
    assert [outcome.status for outcome in outcomes] == [
        StepStatus.OK, StepStatus.NOT_STARTED, StepStatus.OK,
    ]  # fmt: skip


def test_a_command_that_may_change_something_is_never_begun(door):
    (outcome,) = door.run(door.command(door.writes))
    assert outcome.status is StepStatus.NOT_STARTED
    assert outcome.reason
    assert str(outcome.message)
    assert not outcome.changed


def test_who_can_not_be_reached_is_an_outcome_of_that_kind(door):
    target = gone(door)
    (outcome,) = door.executor.run([door.command(door.reads, target)], {target.name: target})
    expected = {"replay": {StepStatus.UNREACHABLE, StepStatus.ERROR}}
    assert outcome.status in expected.get(door.executor.name, {StepStatus.UNREACHABLE})
    assert str(outcome.message)


def test_no_secret_is_in_anything_that_is_kept_or_told(door):
    outcomes = door.run(door.command(door.reads), door.command(door.writes))
    readings = door.executor.read(door.target, ("version", "interfaces"))
    kept = b"".join(door.kept.blobs.values()).decode(errors="replace")
    told = f"{outcomes} {readings} {door.kept.events}"
    assert outcomes[0].data["output"], "there is something to look through"
    assert door.secret not in kept + told


def test_evidence_is_kept_under_its_digest(door):
    (outcome,) = door.run(door.command(door.reads))
    assert outcome.evidence or door.executor.name == "replay"
    assert set(outcome.evidence) <= set(door.kept.blobs)
