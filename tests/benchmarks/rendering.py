"""10,000 intended configurations beside plain Jinja2 with its templates compiled once."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import jinja2

from dcctl import discovery, estate
from dcctl.model.target import Target
from dcctl.planning.render import entry_template, environment, render, template_paths

_COUNT = 10_000
_ROUNDS = 5
_LEAST = "cisco_xe", "juniper_junos", "frr"


def main(_arguments: list[str]) -> None:
    """In turn, so that both see the same machine; the median of the ratios."""
    sample = estate.load(discovery.data_root())
    paths = template_paths(discovery.data_root())
    few = [target for name in sample.names if (target := sample.target(name)).platform in _LEAST]
    many = [replace(few[n % len(few)], name=f"r{n:05d}") for n in range(_COUNT)]
    plain = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(path) for path in paths]),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    plain.filters.update(environment(tuple(str(path) for path in paths)).filters)
    compiled = {name: plain.get_template(entry_template(name)) for name in _LEAST}
    ways: dict[str, Callable[[Target], str]] = {
        "dcctl": lambda target: render(target, paths),
        "plain Jinja2": lambda target: compiled[target.platform].render(target=target),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            seconds[name].append(_timed(way, many))
    for name, taken in seconds.items():
        print(f"{name}: {_COUNT} configurations in {statistics.median(taken):.2f} s")
    ratios = [own / other for own, other in zip(*seconds.values(), strict=True)]
    print(f"ratio: {statistics.median(ratios):.2f}")


def _timed(way: Callable[[Target], str], targets: Sequence[Target]) -> float:
    begun = time.perf_counter()
    for target in targets:
        way(target)
    return time.perf_counter() - begun
