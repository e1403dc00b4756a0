"""Parsing answers with templates, beside TextFSM itself on the same template and text."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from textfsm import TextFSM

from dcctl.platforms import _templates
from dcctl.platforms._textfsm import template

_ROUNDS = 15
_PORTS = 120
_INTERFACE = """\
TenGigabitEthernet0/0/{n} is up, line protocol is up
  Hardware is X, address is 0011.2233.{n:04d} (bia 0011.2233.{n:04d})
  Description: port {n} of round {round}
  MTU 9100 bytes, BW 10000000 Kbit/sec, DLY 10 usec,
     {count} packets input, {count} bytes, 0 no buffer
"""


def main(_arguments: list[str]) -> None:
    """In turn, on texts that differ from round to round; the median of the ratios."""
    route = _templates.route("cisco_xe", "show interfaces")
    assert route is not None
    path = route.paths[0]
    with path.open() as file:
        bare = TextFSM(file)

    def plain(text: str) -> int:
        bare.Reset()
        return len(bare.ParseText(text))

    ways: dict[str, Callable[[str], int]] = {
        "dcctl": lambda text: len(template(path).scan(text).records),
        "TextFSM": plain,
    }
    ratios = []
    for number in range(_ROUNDS):
        text = _answer(number)
        taken = {name: _timed(way, text) for name, way in ways.items()}
        ratios.append(taken["dcctl"] / taken["TextFSM"])
    print(f"show interfaces, {_PORTS} ports: {statistics.median(ratios):.2f} of TextFSM's time")


def _answer(number: int) -> str:
    return "".join(
        _INTERFACE.format(n=port, round=number, count=number * 1000 + port)
        for port in range(_PORTS)
    )


def _timed(way: Callable[[str], int], text: str) -> float:
    begun = time.perf_counter()
    assert way(text) == _PORTS
    return time.perf_counter() - begun
