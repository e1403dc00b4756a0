"""Whether this machine has room for more hosts.

Some of its kernel's limits are shared by all of them.
"""

from __future__ import annotations

from pathlib import Path

from dcctl.lab.commands import LabFailure
from dcctl.text import N_

INOTIFY_PER_HOST = 5  # systemd and dbus; without them a host stops half way through its boot
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


def check(hosts: int) -> None:
    """Make sure that `hosts` more hosts fit.

    Raises:
        LabFailure: they don't; says how to make room.
    """
    limit = int(_LIMIT.read_text())
    free = limit - inotify_in_use()
    if free < hosts * INOTIFY_PER_HOST:
        raise LabFailure(
            N_(
                "this machine has room for {room} more hosts, not {hosts} "
                "(fs.inotify.max_user_instances is {limit})"
            ),
            hint=N_(
                "take other labs down, or raise it: sysctl fs.inotify.max_user_instances={more}"
            ),
            room=max(0, free // INOTIFY_PER_HOST),
            hosts=hosts,
            limit=limit,
            more=limit * 4,
        )
