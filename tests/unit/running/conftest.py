"""A site with a journal, devices on sockets, and a run of a plan over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from dcctl import running
from dcctl.journal import Journal
from dcctl.model.event import Event, EventKind
from dcctl.model.plan import Plan
from dcctl.model.record import RunRecord
from tests.unit.running.device import Device, Made, Step, build, devices, target

BUILD = "tests.unit.running.device:build"


@dataclass
class Stage:
    root: Path
    journal: Journal
    devices: dict[str, Device]
    events: list[Event] = field(default_factory=list)
    runner: Any = None

    def made(self, steps: Callable[[str], list[Step]], **each: dict[str, Any]) -> Made:
        """A plan's makings: `steps` for each device; `each` gives targets their extras."""
        return Made(
            {n: target(n, d.port, **each.get(n, {})) for n, d in self.devices.items()},
            [step for name in self.devices for step in steps(name)],
        )

    def run(self, plan: Plan, **more: Any) -> RunRecord:
        run = self.journal.open_run(plan, operator="test", request={})
        return self.go(plan, run, **more)

    def go(self, plan: Plan, run: Any, on_event: Any = None, **more: Any) -> RunRecord:
        def heard(event: Event) -> None:
            self.events.append(event)
            if on_event:
                on_event(event)

        running.run(
            plan,
            run,
            self.journal,
            runner=more.pop("runner", None) or self.runner,
            on_event=heard,
            site_root=self.root,
            **more,
        )
        return self.journal.record(run.id)

    def kinds(self, step: str) -> list[EventKind]:
        return [event.kind for event in self.events if event.step == step]


@pytest.fixture(params=["serial", "local"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """The same behaviour from worker processes and from their serial twin."""
    yield from _stage(tmp_path, request.param)


@pytest.fixture
def serial(tmp_path: Path) -> Iterator[Stage]:
    yield from _stage(tmp_path, "serial")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Stage]:
    yield from _stage(tmp_path, "local")


def _stage(tmp_path: Path, kind: str) -> Iterator[Stage]:
    with (
        devices(tmp_path / "devices", "a", "b", "c") as made,
        Journal.open("sqlite:///.dcctl/journal.db", root=tmp_path) as journal,
    ):
        found = Stage(tmp_path, journal, made)
        serial_runner = running.SerialRunner(build=build)
        found.runner = serial_runner if kind == "serial" else running.LocalRunner(2, build=BUILD)
        yield found


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a kill, unlike a power cut, needs no disk."""
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tmp_path
    with TemporaryDirectory(prefix="dcctl-kill-", dir=where) as folder:
        yield Path(folder)
