"""Whether this machine has room for more hosts: some of its kernel's limits are shared by all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.lab.commands import LabFailure
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from dcctl.lab.store import Progress

INOTIFY_PER_HOST = 4  # systemd and dbus; without them a host stops half way through its boot
PATIENCE_SECONDS = 60.0  # for other labs to go
_LIMIT = Path("/proc/sys/fs/inotify/max_user_instances")


def inotify_in_use(processes: Path = Path("/proc")) -> int:
    """How many inotify instances the processes that we can see hold."""
    count = 0
    for folder in processes.glob("[0-9]*/fd"):
        try:
            links = [str(link.readlink()) for link in folder.iterdir()]
        except OSError:
            continue  # ended meanwhile, or not ours to see
        count += links.count("anon_inode:inotify")
    return count


def await_room(hosts: int, progress: Progress, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until `hosts` more hosts fit.

    Raises:
        LabFailure: they still don't; says how to make room.
    """
    limit = int(_LIMIT.read_text())
    end = clock.monotonic() + seconds
    said = False
    while (room := max(0, limit - inotify_in_use()) // INOTIFY_PER_HOST) < hosts:
        if clock.monotonic() > end or hosts * INOTIFY_PER_HOST > limit:
            raise LabFailure(
                N_(
                    "this machine has room for {room} more hosts, not {hosts} "
                    "(fs.inotify.max_user_instances is {limit})"
                ),
                hint=N_(
                    "take other labs down, or raise it: sysctl fs.inotify.max_user_instances={more}"
                ),
                room=room,
                hosts=hosts,
                limit=limit,
                more=limit * 4,
            )
        if not said:
            progress(Text(N_("waiting for other labs to make room")))
            said = True
        clock.sleep(0.5)
