"""Simulated upgrade campaigns, from seeds: `python -m tools.simulate 1-1000` or `17` or `3,9`.

Exit code 1 as soon as a seed breaks a promise; its trace is printed, and the same seed gives the
same trace again. docs/rehearsal.md tells what is simulated and what is asserted.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dcctl.workflows.rehearsal import makes
from dcctl.workflows.rehearsal.simulation import LEAST, SIZE, Verdict, simulate

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_SHOWN = 250  # last lines of a trace


def main() -> int:
    """Simulate the seeds; 1 when one of them went wrong."""
    asked = _arguments()
    seeds = _seeds(asked.seeds)
    tally = Tally(len(seeds))
    bad: list[int] = []
    jobs = min(asked.jobs, len(seeds))
    work = partial(
        one,
        size=asked.size,
        least=min(asked.least, asked.size),
        models=tuple(filter(None, asked.makes.split(","))),
    )
    with multiprocessing.get_context("spawn").Pool(jobs, gc.freeze) as pool:
        for verdict in pool.imap_unordered(work, seeds):
            tally.count(verdict)
            if verdict.wrong:
                bad.append(verdict.seed)
                _show(verdict, whole=len(seeds) == 1)
            elif len(seeds) == 1:
                _show(verdict, whole=True)
            if tally.campaigns % 50 == 0:
                print(tally.so_far(), flush=True)
            if len(bad) >= asked.failures:
                break
        else:
            pool.close()
            pool.join()  # only then is their CPU time known
    print(tally.so_far())
    print(tally.at_the_end(jobs))
    if bad:
        print(f"failing seeds: {','.join(map(str, sorted(bad)))}")
    return 1 if bad else 0


@dataclass(slots=True)
class Tally:
    """What was done so far, and how fast."""

    asked: int
    began: float = field(default_factory=time.monotonic)
    campaigns: int = 0
    elements: int = 0
    kills: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def count(self, verdict: Verdict) -> None:
        """One more."""
        self.campaigns += 1
        self.elements += verdict.elements
        self.kills += verdict.kills
        self.outcomes.update(verdict.outcomes)

    def so_far(self) -> str:
        """One line, while it goes on."""
        told = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common(6))
        return f"{self.campaigns}/{self.asked}  {self.kills} kills  {told}"

    def at_the_end(self, jobs: int) -> str:
        """Campaigns, elements, seconds (with the start of the processes), campaigns an hour."""
        seconds = time.monotonic() - self.began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (
            f"{self.campaigns} campaigns of {self.elements} elements in {seconds:.0f} s in {jobs}"
            f" processes ({used.ru_utime + used.ru_stime:.0f} s of CPU):"
            f" {self.campaigns / seconds * 3600:,.0f} campaigns an hour"
        )


def one(seed: int, size: int, least: int, models: Sequence[str]) -> Verdict:
    """One campaign; an exception is what is wrong with it."""
    folder = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="dcctl-sim-", dir=folder) as root:
        try:
            drawn = makes.named(*models)
            return simulate(seed, Path(root), size=size, least=least, makes=drawn)
        except Exception:  # noqa: BLE001 - whatever it is, it is this seed's
            return Verdict(seed, wrong=[traceback.format_exc()])


def _show(verdict: Verdict, *, whole: bool) -> None:
    lines = verdict.trace if whole else verdict.trace[-_SHOWN:]
    print(f"--- seed {verdict.seed}", *lines, sep="\n")
    for words in verdict.wrong:
        print(f"!!! seed {verdict.seed}: {words}")
    sys.stdout.flush()


def _seeds(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("seeds", help="17, 3,9 or 1-1000")
    parser.add_argument("--size", type=int, default=SIZE, help="most elements of an estate")
    parser.add_argument("--least", type=int, default=LEAST, help="fewest elements of an estate")
    parser.add_argument("--makes", default="", help="only these models: c8500-12x4qc,mx480")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="campaigns at once")
    parser.add_argument("--failures", type=int, default=1, help="stop after so many")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
