"""Disks for the lab's servers: sparse files behind loop devices of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.lab import commands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.lab.layout import Disk


def attach(folder: Path, disk: Disk) -> str:
    """The loop device of `disk`, whose file lies in `folder` and is made if need be."""
    file = file_of(folder, disk.serial)
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as handle:
            handle.truncate(disk.size)
    return commands.run(["losetup", "--find", "--show", str(file)]).strip()


def file_of(folder: Path, serial: str) -> Path:
    """The file that holds the disk `serial`."""
    return folder / f"{serial.replace('/', '_')}.disk"


def attached(lab_folder: Path) -> Iterator[str]:
    """Every loop device of this machine whose file lies in the lab's folder."""
    prefix = f"{lab_folder}/"
    for record in sorted(Path("/sys/block").glob("loop*/loop/backing_file")):
        try:
            backing = record.read_text().strip()
        except OSError:
            continue  # detached meanwhile
        if backing.startswith(prefix):
            yield f"/dev/{record.parts[3]}"


def detach_all(lab_folder: Path) -> None:
    """Let go of all of them; one that is still in use goes when its last user does."""
    for device in attached(lab_folder):
        commands.run(["losetup", "--detach", device])
