"""Work shared out to forks: the same results in the same order, whatever becomes of a fork."""

from __future__ import annotations

import os
import time

import pytest

from dcctl.processes import shared_out

ITEMS = tuple(range(23))


@pytest.mark.parametrize("processes", [1, 2, 3, 5])
def test_in_order_with_however_many(processes) -> None:
    offset = 100  # what a fork has at hand without being told
    assert list(shared_out(lambda n: (n, n + offset), ITEMS, processes=processes)) == [
        (n, n + 100) for n in ITEMS
    ]


def test_others_do_the_work() -> None:
    pids = set(shared_out(lambda _n: os.getpid(), ITEMS, processes=3))
    assert len(pids) == 3
    assert os.getpid() not in pids


def test_few_things_are_done_here() -> None:
    assert set(shared_out(lambda _n: os.getpid(), ITEMS)) == {os.getpid()}


def test_what_a_dead_fork_owes_is_done_here() -> None:
    here = os.getpid()

    def work(n: int) -> int:
        if n == 7 and os.getpid() != here:
            os.kill(os.getpid(), 9)
        return n * n

    assert list(shared_out(work, ITEMS, processes=2)) == [n * n for n in ITEMS]


def test_what_raises_raises_here() -> None:
    def work(n: int) -> int:
        if n == 9:
            raise ValueError(n)
        return n

    found = shared_out(work, ITEMS, processes=2)
    with pytest.raises(ValueError, match="9"):
        list(found)


def test_no_fork_is_left_when_nobody_asks_for_more() -> None:
    found = shared_out(lambda n: (os.getpid(), time.sleep(n and 60)), ITEMS, processes=2)
    pid, _ = next(found)
    found.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)
