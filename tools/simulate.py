"""Simulated upgrade campaigns, from seeds: `python -m tools.simulate 1-1000` or `17` or `3,9`.

Exit code 1 as soon as a seed breaks a promise; its trace is printed, and the same seed gives the
same trace again. docs/rehearsal.md tells what is simulated and what is asserted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from dcctl.workflows.rehearsal import makes
from dcctl.workflows.rehearsal.simulation import SIZE, Verdict, simulate

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_SHOWN = 250  # last lines of a trace


def main() -> int:
    """Simulate the seeds; 1 when one of them went wrong."""
    asked = _arguments()
    seeds = _seeds(asked.seeds)
    began, done = time.monotonic(), 0
    outcomes: Counter[str] = Counter()
    kills, bad = 0, []
    work = partial(one, size=asked.size, drawn=makes.named(*filter(None, asked.makes.split(","))))
    with multiprocessing.get_context("spawn").Pool(min(asked.jobs, len(seeds))) as pool:
        for verdict in pool.imap_unordered(work, seeds):
            done += 1
            outcomes.update(verdict.outcomes)
            kills += verdict.kills
            if verdict.wrong:
                bad.append(verdict.seed)
                _show(verdict, whole=len(seeds) == 1)
            elif len(seeds) == 1:
                _show(verdict, whole=True)
            if done % 50 == 0 or done == len(seeds):
                hour = done / (time.monotonic() - began) * 3600
                told = ", ".join(f"{name} {count}" for name, count in outcomes.most_common(6))
                print(
                    f"{done}/{len(seeds)}  {hour:,.0f} an hour  {kills} kills  {told}", flush=True
                )
            if len(bad) >= asked.failures:
                break
    if bad:
        print(f"failing seeds: {','.join(map(str, sorted(bad)))}")
    return 1 if bad else 0


def one(seed: int, size: int, drawn: Sequence[makes.Make]) -> Verdict:
    """One campaign; an exception is what is wrong with it."""
    folder = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="dcctl-sim-", dir=folder) as root:
        try:
            return simulate(seed, Path(root), size=size, makes=drawn)
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
    parser.add_argument("--makes", default="", help="only these models: c8500-12x4qc,mx480")
    parser.add_argument("--jobs", type=int, default=2, help="campaigns at once")
    parser.add_argument("--failures", type=int, default=1, help="stop after so many")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
