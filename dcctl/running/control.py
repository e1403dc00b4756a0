"""Whether to go on: one place that interrupts, cancellations and failure limits speak to."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dcctl.model.status import NotStarted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Control:
    """What a run's shards ask before they begin anything; safe across threads."""

    def __init__(self) -> None:
        self._reason = ""
        self._abort = threading.Event()
        self.cancelled = False  # by request through the journal

    def stop(self, reason: NotStarted) -> None:
        """Start nothing new and finish what runs. An interrupt goes over a failure limit."""
        if not self._reason or reason is NotStarted.INTERRUPTED:
            self._reason = reason.value

    def abort(self) -> None:
        """Give up at once; what is under way stays in doubt."""
        self.stop(NotStarted.INTERRUPTED)
        self._abort.set()

    def stopping(self) -> str:
        """Why nothing new is started (a `NotStarted`), or nothing."""
        return self._reason

    def aborted(self) -> bool:
        """Whether to give up at once."""
        return self._abort.is_set()


@contextmanager
def interrupts(control: Control, on_abort: Callable[[], None]) -> Iterator[None]:
    """Take SIGINT, SIGTERM and SIGHUP inside the block, in the main thread; elsewhere do nothing.

    The first asks to stop, the second aborts and calls `on_abort`. A terminal that goes away is an
    interrupt (what runs is finished), unless it is ignored as under nohup.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handler(_number: int, _frame: Any) -> None:
        if control.stopping() == NotStarted.INTERRUPTED:
            control.abort()
            on_abort()
        else:
            control.stop(NotStarted.INTERRUPTED)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
