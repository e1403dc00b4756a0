"""Becomes another program, with a lock that lives as long as it or anything it forks.

Started as a script: `_holding.py FILE PROGRAM ARGUMENT…`. It imports nothing of ours. Whoever
starts programs with care closes inherited descriptors first, so the lock is opened here, last.
"""

from __future__ import annotations

import fcntl
import os
import sys


def main(file: str, *command: str) -> None:
    """Take the lock, shared, and go on as `command`."""
    lock = os.open(file, os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_SH)
    os.set_inheritable(lock, True)  # noqa: FBT003 - positional only
    os.execv(command[0], command)  # noqa: S606 - an argument list, and no shell


if __name__ == "__main__":
    main(*sys.argv[1:])
