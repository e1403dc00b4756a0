"""Doing things side by side: in threads, unless something else is in use (a simulation is one).

As with the clock, everything that works side by side asks here, so that a whole campaign can be
run in one thread in which a seed decides who goes on next.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Condition(Protocol):
    """A lock with a bell: what `threading.Condition` is to threads."""

    def __enter__(self) -> bool:
        """Take the lock."""

    def __exit__(self, *_error: object) -> None:
        """Give it back."""

    def wait(self, timeout: float | None = None) -> bool:
        """Give the lock back until somebody notifies, or `timeout` real seconds are over."""

    def notify_all(self) -> None:
        """Wake all who wait."""


class Concurrency(Protocol):
    """What starts and joins what goes on side by side."""

    def start(self, work: Callable[[], None], name: str) -> None:
        """Begin `work`; nobody waits for it."""

    def lock(self) -> AbstractContextManager[Any]:
        """A lock that may be held while others go on."""

    def condition(self) -> Condition:
        """A condition with a lock of its own."""

    def side_by_side(
        self, function: Callable[[_Item], _Result], items: Sequence[_Item], at_once: int
    ) -> list[_Result]:
        """`function` of each item, in their order; the first error is raised when all ended."""


class Threads:
    """Threads of this process."""

    def start(self, work: Callable[[], None], name: str) -> None:
        """See Concurrency."""
        threading.Thread(target=work, name=name, daemon=True).start()

    def lock(self) -> AbstractContextManager[Any]:
        """See Concurrency."""
        return threading.Lock()

    def condition(self) -> Condition:
        """See Concurrency."""
        return cast("Condition", threading.Condition())

    def side_by_side(
        self, function: Callable[[_Item], _Result], items: Sequence[_Item], at_once: int
    ) -> list[_Result]:
        """See Concurrency."""
        with ThreadPoolExecutor(max(1, min(len(items), at_once))) as pool:
            return list(pool.map(function, items))


_current: Concurrency = Threads()


@contextmanager
def use(concurrency: Concurrency) -> Iterator[None]:
    """Use `concurrency` inside the block (simulations)."""
    global _current  # noqa: PLW0603 - one process, one way of doing things side by side
    before = _current
    _current = concurrency
    try:
        yield
    finally:
        _current = before


def start(work: Callable[[], None], name: str) -> None:
    """Begin `work`; nobody waits for it."""
    _current.start(work, name)


def lock() -> AbstractContextManager[Any]:
    """A lock that may be held while others go on."""
    return _current.lock()


def condition() -> Condition:
    """A condition with a lock of its own."""
    return _current.condition()


def side_by_side(
    function: Callable[[_Item], _Result], items: Sequence[_Item], at_once: int
) -> list[_Result]:
    """`function` of each item, at most `at_once` at a time; results in the items' order."""
    return _current.side_by_side(function, items, at_once)
