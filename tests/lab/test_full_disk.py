"""A real file system that is full: the run stops with one clear line, and goes on where it was."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dcctl import running
from dcctl.errors import JournalError
from dcctl.journal import Journal
from dcctl.model.event import Event
from tests.unit.running.device import Made, build, change, collect, devices, target

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounting a file system needs root"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path, left: int) -> Path:
    filler = disk / "filler"
    size = max(0, shutil.disk_usage(disk).free - left)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return filler


@pytest.mark.parametrize("left", [0, 16_384, 65_536])
def test_a_full_disk_stops_a_run_and_loses_nothing(
    small_disk: Path, tmp_path: Path, left: int
) -> None:
    with devices(tmp_path / "devices", "a", "b", "c") as made:
        targets = {name: target(name, device.port) for name, device in made.items()}
        steps = [
            step
            for name in made
            for step in (
                *(change(name, f"k{n}", predicted=(f"k{n}",)) for n in range(3)),
                collect(name),
            )
        ]
        plan = Made(targets, steps).plan(options={"blind": True})
        with Journal.open("sqlite:///.dcctl/journal.db", root=small_disk) as journal:
            run = journal.open_run(plan, operator="test", request={})
            filler = fill(small_disk, left)

            def go(*, resume: bool = False) -> None:
                running.run(
                    plan,
                    run,
                    journal,
                    runner=running.SerialRunner(build=build),
                    on_event=lambda _event: None,
                    site_root=small_disk,
                    resume=resume,
                )

            with pytest.raises(JournalError) as caught:
                go()
            assert "\n" not in str(caught.value)
            assert str(small_disk) in str(caught.value)
            filler.unlink()
            go(resume=True)
            record = journal.record(run.id)
        assert record.step_counts() == {"changed": 9, "ok": 3}
        assert all(d.log == [f"set k{n} new" for n in range(3)] for d in made.values())


def test_a_log_without_room_begins_nothing(small_disk: Path) -> None:
    from dcctl.journal import ShardLog
    from dcctl.model.event import EventKind

    with ShardLog(small_disk / "s", "r", "s") as log:
        filler = fill(small_disk, 8192)

        def write_on() -> None:
            for _ in range(1000):
                log.emit(EventKind.STEP_PROGRESS, message="x" * 500, durable=True)

        with pytest.raises(JournalError, match="No space left"):
            write_on()
        filler.unlink()
        log.emit(EventKind.SHARD_FINISHED, durable=True)
    with ShardLog(small_disk / "s", "r", "s") as log:
        last: Event = log.before[-1]
        assert last.kind is EventKind.SHARD_FINISHED
        assert len(log.before) == last.sequence
