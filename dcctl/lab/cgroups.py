"""The lab's control groups: how a host is frozen, and all that ran in it ended for certain."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from dcctl import clock
from dcctl.lab import kernel
from dcctl.lab.commands import LabFailure
from dcctl.text import N_

PREFIX = "dcctl-lab-"
MOUNT = "cgroup"  # in the lab's folder, where the machine has none to offer


def unified_mount(mounts: str) -> str:
    """Where cgroup version 2 is mounted, from the text of /proc/self/mounts; empty when it is not.

    It is alone at /sys/fs/cgroup on most machines of today, and beside version 1 at
    /sys/fs/cgroup/unified on some.
    """
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) > 2 and fields[2] == "cgroup2":  # noqa: PLR2004 - device, place, kind
            return fields[1].replace("\\040", " ")
    return ""


def own_path(memberships: str) -> str:
    """The group of a process in version 2, from the text of its /proc/PID/cgroup."""
    for line in memberships.splitlines():
        hierarchy, _, path = line.split(":", 2)
        if hierarchy == "0":
            return path
    return "/"


def place_for(identity: str, mounted: Path, memberships: str) -> Path:
    """Where the group of the lab `identity` belongs: below the one that this process was given."""
    parts = [part for part in own_path(memberships).split("/") if part]
    # A lab that is started from inside another one's group must not end with it.
    while any(part.startswith(PREFIX) for part in parts) or ".." in parts:
        parts.pop()
    return Path(mounted, *parts, f"{PREFIX}{identity}")


def place(identity: str, folder: Path) -> Path:
    """`place_for` on this machine; in a mount of the lab's own where there is no other to use."""
    mounted = _usable() or folder / MOUNT
    return place_for(identity, mounted, Path("/proc/self/cgroup").read_text())


def mount_own(folder: Path, group: Path) -> None:
    """Mount version 2 in the lab's folder, in this thread's mount namespace, if `group` is there.

    A container or a chroot may see none, or only a read-only one; the hierarchy is the same.
    """
    if group.is_relative_to(folder / MOUNT):
        (folder / MOUNT).mkdir(exist_ok=True)
        kernel.mount("cgroup2", folder / MOUNT, "cgroup2")


def _usable() -> Path | None:
    mounted = unified_mount(Path("/proc/self/mounts").read_text())
    return Path(mounted) if mounted and os.access(mounted, os.W_OK) else None


def find(identity: str) -> tuple[Path, ...]:
    """Every visible group of the lab `identity`, wherever it was started from."""
    mounted = _usable()
    return _find(identity, mounted) if mounted else ()


def _find(identity: str, mounted: Path) -> tuple[Path, ...]:
    name = f"{PREFIX}{identity}"
    found = []
    for folder, subfolders, _ in os.walk(mounted):
        if name in subfolders:
            found.append(Path(folder, name))
        subfolders[:] = [sub for sub in subfolders if not sub.startswith(PREFIX)]
    return tuple(found)


def end(identity: str) -> None:
    """End all that is in any group of the lab, and remove the groups.

    Raises:
        LabFailure: something in one can't be killed.
    """
    mounted = _usable()
    if mounted is not None:
        _end(identity, mounted)
    elif os.geteuid() == 0:
        with tempfile.TemporaryDirectory(prefix="dcctl-lab-") as scratch:

            def unseen() -> None:
                kernel.mount("cgroup2", scratch, "cgroup2")
                _end(identity, Path(scratch))
                kernel.unmount(scratch)

            kernel.with_own_mounts(unseen)


def _end(identity: str, mounted: Path) -> None:
    for group in _find(identity, mounted):
        kill(group)
        remove(group)


def enter(group: Path, pid: int = 0) -> None:
    """Put a process (0: this one) into `group`, made if need be."""
    group.mkdir(parents=True, exist_ok=True)
    (group / "cgroup.procs").write_text(str(pid))


def freeze(group: Path, *, frozen: bool) -> None:
    """Stop everything in `group` in its tracks, or let it go on."""
    (group / "cgroup.freeze").write_text("1" if frozen else "0")


def frozen(group: Path) -> bool:
    """Whether `group` is stopped."""
    file = group / "cgroup.freeze"
    return file.is_file() and file.read_text().strip() == "1"


def populated(group: Path) -> bool:
    """Whether any process is left in `group`."""
    try:
        return "populated 1" in (group / "cgroup.events").read_text()
    except FileNotFoundError:
        return False


def kill(group: Path, *, seconds: float = 15.0) -> None:
    """End everything in `group` at once and wait until it is gone.

    Raises:
        LabFailure: something in it can't be killed.
    """
    if not group.is_dir():
        return
    (group / "cgroup.kill").write_text("1")
    deadline = clock.monotonic() + seconds
    while populated(group):
        if clock.monotonic() > deadline:
            raise LabFailure(N_("processes in {group} do not end"), group=str(group))
        clock.sleep(0.01)


def remove(group: Path) -> None:
    """Remove an empty `group` and its subgroups."""
    if not group.is_dir():
        return
    for folder, _, _ in os.walk(group, topdown=False):
        Path(folder).rmdir()
