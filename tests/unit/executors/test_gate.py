"""The gate before handshakes: never more inside than it says, and what it learns."""

from __future__ import annotations

import threading

import pytest

from dcctl import clock
from dcctl.executors._gate import Gate


def test_never_more_inside_than_the_limit() -> None:
    gate = Gate(first=3, least=3, most=3)
    inside, most, lock, rest = 0, 0, threading.Lock(), threading.Event()

    def one() -> None:
        nonlocal inside, most
        with gate.passage():
            with lock:
                inside += 1
                most = max(most, inside)
                if inside == 3:
                    rest.set()
            rest.wait(10)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert (most, inside) == (3, 0)


@pytest.fixture
def virtual() -> clock.ManualClock:
    return clock.ManualClock()


def through(gate: Gate, seconds: list[float], virtual: clock.ManualClock) -> float:
    """What the limit is after handshakes of these lengths that fill the gate."""
    with clock.use(virtual):
        for length in seconds:
            gate._inside = int(gate.limit) - 1
            with gate.passage():
                virtual.sleep(length)
            gate._inside = 0
    return gate.limit


def test_quick_handshakes_make_room_for_more(virtual: clock.ManualClock) -> None:
    assert through(Gate(first=10), [0.3] * 20, virtual) == 30


def test_queueing_handshakes_make_it_narrower_down_to_the_least(
    virtual: clock.ManualClock,
) -> None:
    gate = Gate(first=10, least=6)
    through(gate, [0.1], virtual)
    assert through(gate, [3.0] * 20, virtual) == 6


def test_a_failed_handshake_teaches_nothing_and_leaves() -> None:
    gate = Gate(first=1, least=1)
    with pytest.raises(OSError, match="refused"), gate.passage():
        raise OSError("refused")
    with gate.passage():
        assert gate.limit == 1
