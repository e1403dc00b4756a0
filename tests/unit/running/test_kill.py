"""Killed (-9) at every boundary of the journal, and resumed: nothing is lost or done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dcctl.journal import Journal
from dcctl.model import plain
from dcctl.model.plan import Plan
from dcctl.model.record import RunRecord
from tests.unit.running.device import Device, Made, change, collect, devices, target

REPOSITORY = Path(__file__).parents[3]
NAMES = ("a", "b", "c")
SHARES = 4  # the boundaries are dealt out to this many tests, which run side by side


class Forker:
    """Starts the deadly process again and again without importing everything again."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.running.kill_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )

    def __call__(self, **order: Any) -> dict[str, int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, int] = json.loads(self._process.stdout.readline())
        return answer

    def release(self, target: str) -> None:
        pass

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def stage(folder: Path) -> Iterator[tuple[Forker, dict[str, Device]]]:
    forker = Forker()
    try:
        with devices(folder / "devices", *NAMES) as made:
            yield forker, made
    finally:
        forker.close()


def what_is_told(record: RunRecord) -> dict[str, Any]:
    """Everything that a resumed run must have in common with one that was never killed."""
    return {
        "status": record.run.status,
        "exit": record.exit_code(),
        "outcomes": {n: (o.status, o.changed) for n, o in record.outcomes.items()},
        "findings": [(f.check, f.target, f.status) for f in record.findings],
        "values": {
            target: {topic: plain.to_plain(reading["value"]) for topic, reading in topics.items()}
            for target, topics in record.readings.items()
        },
        "orphans": record.orphans,
    }


def plan_of(ports: dict[str, int]) -> Plan:
    names = list(ports)
    steps = []
    for name in names:
        steps += [
            change(name, "k1", predicted=("k1: None -> new",)),
            change(name, "k2", requires=(f"{name}/role:k1",), predicted=("k2: None -> new",)),
            change(name, "k3", executor="batch", predicted=("k3: None -> new",)),
            collect(name, "version.reachable"),
        ]
    made = Made({name: target(name, port) for name, port in ports.items()}, steps)
    return made.plan(
        waves=[names[:1], names[1:]],
        # blind: whatever is done twice shows in the device's log.
        options={"concurrency": 4, "max_failures": 0, "blind": True},
        checks={"version.reachable": {}},
    )


def last_record(root: Path) -> RunRecord:
    with Journal.open("sqlite:///journal.db", root=root, create=False) as journal:
        assert journal.locks() == ()
        return journal.record("latest")


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_anywhere_then_resumed(memory: Path, share: int) -> None:
    with stage(memory) as (forker, made):
        plan = plain.to_plain(plan_of({name: device.port for name, device in made.items()}))
        common = {"plan": plan, "build": "tests.unit.running.device:build"}

        def begin(name: str, boundary: int) -> tuple[Path, dict[str, int]]:
            for device in made.values():
                device.reset()
            root = memory / name
            root.mkdir()
            return root, forker(root=str(root), boundary=boundary, resume=False, **common)

        root, answer = begin("reference", 0)
        assert answer["status"] == 0
        boundaries = answer["passed"]
        assert boundaries > 100
        expected = what_is_told(last_record(root))
        logs = {name: device.log for name, device in made.items()}
        assert all(len(log) == 3 for log in logs.values())

        for boundary in range(1 + share, boundaries + 1, SHARES):
            root, answer = begin(f"at-{boundary}", boundary)
            assert answer["status"] == -9, boundary
            if boundary == boundaries:  # after the last write nothing is left to resume
                assert what_is_told(last_record(root)) == expected
                continue
            answer = forker(root=str(root), boundary=0, resume=True, **common)
            assert answer["status"] == 0, boundary
            record = last_record(root)
            assert what_is_told(record) == expected, boundary
            assert {n: d.log for n, d in made.items()} == logs, boundary
            assert max(outcome.attempts for outcome in record.outcomes.values()) <= 2
