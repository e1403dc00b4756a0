"""Pure work on many things, shared out to processes forked from this one.

For what only computes: a fork has everything at hand that this process has read and compiled, and
gives back nothing but its results. Devices are talked to by workers (`dcctl.running`), never here.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from contextlib import suppress
from itertools import count
from typing import IO, TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_LEAST = 40  # things that are worth a process more
_MOST = 8  # processes


def shared_out(
    function: Callable[[_Item], _Result], items: Sequence[_Item], *, processes: int = 0
) -> Iterator[_Result]:
    """`function` of each item, in their order, as they come; the same with however many processes.

    What is asked of a process that died, or whose work raised, is done here.

    Args:
        function: pure; what it gives can be pickled.
        items: what it is asked of.
        processes: how many; default: one a core, as far as the items are worth it.
    """
    usable = min(len(os.sched_getaffinity(0)), _MOST, len(items) // _LEAST)
    number = processes or usable
    if number < 2:  # noqa: PLR2004 - one process is this one
        yield from map(function, items)
        return
    forks: list[tuple[int, IO[bytes]]] = []
    try:
        for place in range(number):
            forks.append(_forked(function, items[place::number], [pipe for _, pipe in forks]))
        for item, place in zip(items, count()):
            yield _next(forks[place % number][1], function, item)
    finally:
        for pid, pipe in forks:
            pipe.close()
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _next(pipe: IO[bytes], function: Callable[[_Item], _Result], item: _Item) -> _Result:
    try:
        found: _Result = pickle.load(pipe)  # noqa: S301 - written by a fork of ourselves
    except (EOFError, pickle.UnpicklingError):
        return function(item)
    return found


def _forked(
    function: Callable[[_Item], _Result], items: Sequence[_Item], others: Sequence[IO[bytes]]
) -> tuple[int, IO[bytes]]:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return pid, os.fdopen(ours, "rb")
    # Nothing of the parent's is closed, flushed or waited for by a child that ends like this.
    try:
        os.close(ours)
        for pipe in others:
            os.close(pipe.fileno())
        gc.freeze()  # what is shared stays so as long as nobody looks for garbage in it
        with suppress(BaseException), os.fdopen(theirs, "wb") as pipe:
            for item in items:
                pickle.dump(function(item), pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()
    finally:
        os._exit(0)
