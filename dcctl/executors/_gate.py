"""How many handshakes go on at once in this process, apart from how many sessions wait.

A handshake is mostly our own CPU (key exchange), a session is mostly waiting. Were both let in
alike, hundreds of half-done handshakes would share the CPU until devices give them up. The limit
learns as TCP Vegas does: while a handshake takes about as long as the best so far there is room
for more; once they queue behind one another it shrinks.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dcctl import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLOW = 4.0  # times the best: they wait for our CPU, not for the network
_NOISE_S = 0.05  # differences below this say nothing
_SHRINK = 0.9


class Gate:
    """Lets so many through at a time; `least` and `most` bound what it may learn."""

    def __init__(self, *, first: int = 16, least: int = 6, most: int = 200) -> None:
        self.limit = float(first)
        self._least, self._most = float(least), float(most)
        self._inside = 0
        self._best = float("inf")  # seconds of the quickest
        self._changed = threading.Condition()

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Wait for room, then be one of those inside; one that fails teaches nothing."""
        with self._changed:
            while self._inside >= int(self.limit):
                self._changed.wait()
            self._inside += 1
        begun, whole = clock.monotonic(), False
        try:
            yield
            whole = True
        finally:
            with self._changed:
                if whole:
                    self._learn(clock.monotonic() - begun)
                self._inside -= 1
                # Nobody is woken who would find no room: hundreds may wait.
                self._changed.notify(max(1, int(self.limit) - self._inside))

    def _learn(self, seconds: float) -> None:
        self._best = min(self._best, seconds)
        if seconds > _SLOW * self._best + _NOISE_S:
            self.limit = max(self._least, self.limit * _SHRINK)
        elif self._inside >= int(self.limit):  # it was used to the full, and nobody was slow
            self.limit = min(self._most, self.limit + 1)


HANDSHAKES = Gate()
