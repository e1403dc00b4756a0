"""A site, a kit of two of its elements, and what was read with it: each once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from dcctl import clock, discovery
from dcctl.workflows.audit.kit.make import KitRequest, Made, make
from dcctl.workflows.audit.kit.merge import merge
from dcctl.workflows.audit.kit.there import Brought, ReadRequest, read
from dcctl.workflows.rehearsal import sessions
from dcctl.workflows.services import open_site
from tests.unit.upgrading.scene import Scene

LIMIT = "p01-pe1,p01-pe2"


@dataclass
class Trip:
    """A folder with the site, its kit, and the result; `time` is when it all was."""

    root: Path
    made: Made
    brought: Brought
    time: clock.ManualClock

    @property
    def kit(self) -> Path:
        return self.root / "kit.zip"

    @property
    def result(self) -> Path:
        return self.root / "result.zip"

    def opened(self):
        return open_site(self.root / "site", operator="minh")

    def merge(self, path: Path | None = None, **more):
        with clock.use(self.time), self.opened() as services:
            return merge(path or self.result, services, **more)

    def state(self) -> tuple[str, int, int]:
        """The run's status, its events, and how many answers the journal has."""
        with self.opened() as services:
            journal = services.journal
            told = journal.events(self.made.run)
            digests = {str(one.data["digest"]) for one in told if "digest" in one.data}
            run = journal.run(self.made.run)
            return run.status, len(told), len(journal._kept(told) & digests)

    def copy(self, root: Path) -> Trip:
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Trip(root, self.made, self.brought, self.time)


def site(root: Path) -> Path:
    """The sample estate, in a folder of its own."""
    root.mkdir(parents=True)
    shutil.copy(discovery.data_root() / "dcctl.yml", root)
    shutil.copytree(discovery.data_root() / "inventory", root / "inventory")
    return root


@pytest.fixture(scope="session")
def gone(tmp_path_factory) -> Trip:
    root = tmp_path_factory.mktemp("trip")
    with clock.use(clock.ManualClock()) as time:
        scene = Scene(name="p01-pe1", time=time)
        with open_site(site(root / "site"), operator="minh") as services:
            made = make(KitRequest(limit=LIMIT, tool=False), root / "kit.zip", services)
        time.advance(3600)
        brought = read(
            ReadRequest(kit=root / "kit.zip", out=root / "result.zip", folder=root / "work"),
            on_event=lambda _event: None,
            build=sessions.simulated(scene.network),
        )
        time.advance(3600)
    return Trip(root, made, brought, time)


@pytest.fixture
def trip(gone, tmp_path) -> Trip:
    """Its own copy, nothing taken in yet."""
    return gone.copy(tmp_path / "trip")
