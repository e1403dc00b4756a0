"""A site's line, shared by all workers of this machine: never more than its cap.

What dcctl sends goes through a token bucket. What an element fetches by itself nobody can hold
back, so only so many fetch at once as the cap has room for.
Kept in files below `.dcctl/staging/`, under locks that the kernel gives back when a worker dies.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.errors import TargetTimeout
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = ".dcctl/staging"
_LONGEST_S = 600.0  # a line reserved farther ahead was reserved before a reboot
_POLL_S = 1.0


class Line:
    """The line of one site; `cap_mbps` None: no cap."""

    def __init__(self, root: Path, site: str, cap_mbps: float | None) -> None:
        self._cap = cap_mbps
        self._folder = root / FOLDER
        self._name = "".join(c if c.isalnum() or c in "-_" else "_" for c in site) or "_"
        if cap_mbps is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take(self, count: int) -> None:
        """Wait until so many bytes may be sent."""
        if self._cap is None:
            return
        seconds = count * 8 / (self._cap * 1e6)
        with _locked(self._folder / f"{self._name}.bucket") as handle:
            now = clock.monotonic()
            said = os.pread(handle, 64, 0).decode("ascii", "replace").strip()
            free_at = float(said) if said else now
            start = free_at if now < free_at < now + _LONGEST_S else now
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{start + seconds!r}\n".encode(), 0)
        clock.sleep(start + seconds - now)

    def places(self, each_mbps: float) -> int:
        """How many may fetch by themselves at once; one always may. 0: as many as there are."""
        return 0 if self._cap is None else max(1, int(self._cap / each_mbps))

    @contextmanager
    def place(self, each_mbps: float, *, until: float, stop: Callable[[], bool]) -> Iterator[None]:
        """Wait for one of the places, and hold it.

        Raises:
            TargetTimeout: none came free in time, or it is to stop.
        """
        count = self.places(each_mbps)
        if not count:
            yield
            return
        while True:
            for number in range(count):
                handle = _grasp(self._folder / f"{self._name}.{number}.place")
                if handle is None:
                    continue
                try:
                    yield
                finally:
                    os.close(handle)
                return
            if stop() or clock.monotonic() > until:
                raise TargetTimeout(
                    N_("no place on the line of {site} came free: {count} fetch at once"),
                    site=self._name,
                    count=count,
                )
            clock.sleep(_POLL_S)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _grasp(path: Path) -> int | None:
    """The place, if nobody holds it."""
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
