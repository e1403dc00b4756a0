"""Recorded transcripts through the replay door: the same collectors, the same facts, no change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dcctl import executors, platforms
from dcctl.errors import TargetError
from dcctl.executors.replay import file_name
from dcctl.model import plain
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus, StepStatus
from dcctl.model.target import Target

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts"
EXPECTED = sorted(path.parent.name for path in TRANSCRIPTS.glob("*/expected.yaml"))


def target(platform, name="element"):
    return Target(name=name, platform=platform, kind="router")


@pytest.fixture
def replay(contexts):
    return executors.build("replay", contexts(replay=str(TRANSCRIPTS)))


@pytest.mark.parametrize("platform", EXPECTED)
def test_every_recorded_answer_becomes_the_expected_fact(platform, replay):
    wanted = yaml.load((TRANSCRIPTS / platform / "expected.yaml").read_text(), yaml.CSafeLoader)
    readings = replay.read(target(platform), list(wanted))
    assert {t: reading.status.value for t, reading in readings.items()} == dict.fromkeys(
        wanted, "parsed"
    )
    for topic, reading in readings.items():
        assert reading.value == plain.from_plain(type(reading.value), wanted[topic]), topic


@pytest.mark.parametrize("platform", EXPECTED)
def test_no_recording_lies_about_unused(platform):
    used = {file_name(c) for one in platforms.get(platform).collectors for c in one.commands}
    there = {path.name for path in (TRANSCRIPTS / platform).glob("*.txt")}
    assert there <= used


def test_what_was_not_recorded_is_an_error(replay):
    readings = replay.read(target("cisco_xe"), ["version", "volumes"])
    assert readings["version"].status is ReadingStatus.ERROR
    assert "was not recorded" in readings["version"].message
    assert readings["volumes"].status is ReadingStatus.NO_TEMPLATE


def test_a_missing_folder_is_unreachable(contexts):
    replay = executors.build("replay", contexts(replay="nowhere"))
    assert replay.read(target("frr"), ["bgp"])["bgp"].status is ReadingStatus.UNREACHABLE
    with pytest.raises(TargetError):
        replay.fingerprint(target("frr"), [])


def step(kind, **settings):
    return Step(
        id=f"element/{kind}:x",
        target="element",
        kind=kind,
        name="x",
        executor="replay",
        changes=kind is StepKind.CONFIG,
        settings=settings,
    )


def test_steps(replay):
    steps = [
        step(StepKind.COMMAND, command="show version"),
        step(StepKind.COMMAND, command="write memory"),
        step(StepKind.CONFIG, text="hostname x"),
        step(StepKind.COLLECT, topics=["bgp"]),
    ]
    outcomes = list(replay.run(steps, {"element": target("frr")}))
    assert [one.status for one in outcomes] == [
        StepStatus.OK,
        StepStatus.NOT_STARTED,
        StepStatus.NOT_STARTED,
        StepStatus.OK,
    ]
    assert "FRRouting" in outcomes[0].data["output"]
    assert replay.predict(steps, {}) == {steps[0].id: (), steps[2].id: None, steps[3].id: ()}


def test_a_target_s_own_folder_comes_first(contexts, tmp_path):
    (tmp_path / "special").mkdir()
    running = (TRANSCRIPTS / "frr/show_running-config.txt").read_text()
    (tmp_path / "special/show_running-config.txt").write_text(
        running.replace("hl-oob-r1", "special")
    )
    (tmp_path / "frr").symlink_to(TRANSCRIPTS / "frr")
    replay = executors.build("replay", contexts(replay=str(tmp_path)))
    special = replace(target("frr"), name="special")
    assert replay.read(special, ["management"])["management"].value.hostname == "special"
    assert replay.fingerprint(special, []) != replay.fingerprint(target("frr"), [])
