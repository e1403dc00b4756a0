"""The same fleet asked by dcctl, nornir, asyncssh and Ansible, in turn, in one run.

Prints the median of every figure and the ratios that docs/performance.md quotes. Client and fleet
share the machine, so only ratios mean anything.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_LOOK_EVERY_S = 0.05
CLIENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "dcctl": ("with_dcctl", ("250",)),
    "nornir 20": ("with_nornir", ("20",)),
    "nornir 100": ("with_nornir", ("100",)),
    "nornir 200": ("with_nornir", ("200",)),
    "asyncssh": ("with_asyncssh", ()),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One client's run: seconds, CPU seconds, peak MiB of all its processes, devices lost."""

    wall: float
    cpu: float
    memory: float
    lost: int


@contextmanager
def fleet(folder: Path, count: int) -> Iterator[None]:
    """So many devices that listen."""
    (folder / "delay").write_text("0", encoding="ascii")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.fleet_server", str(folder), str(count)],
        stdout=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        if server.stdout.read(1) != b".":
            message = "the fleet did not start"
            raise RuntimeError(message)
        yield
    finally:
        server.kill()
        server.wait()


def measure(client: str, folder: Path, count: int) -> Figure:
    """One run of one client, in a process group of its own."""
    module, more = CLIENTS[client]
    command = [sys.executable, "-m", f"tests.benchmarks.fleet_clients.{module}"]
    before = os.times()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, str(folder), str(count), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(_LOOK_EVERY_S)
    wall = time.perf_counter() - begun
    after = os.times()
    assert process.stdout is not None
    said = process.stdout.read().decode().split()
    cpu = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    return Figure(wall, cpu, peak, count - int(said[-1] if said else 0))


def _memory(pid: int) -> float:
    """Proportional set size of a process and all below it, MiB."""
    total = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
            children = Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii")
        except (OSError, ValueError):
            continue
        total += sum(int(r.split()[1]) for r in rollup.splitlines() if r.startswith("Pss:")) / 1024
        waiting += [int(child) for child in children.split()]
    return total


def _installed(client: str) -> bool:
    """Whether the client's library is here; one that isn't is told, not measured as lost."""
    there = not client.startswith("nornir") or find_spec("nornir_netmiko") is not None
    if not there:
        print(f"{client}: left out, pip install nornir nornir-netmiko")
    return there


def table(figures: Mapping[str, Sequence[Figure]], count: int, delay: int) -> None:
    """The medians, each beside dcctl's."""
    print(f"\n{count} devices, {delay} ms a command")
    print(f"{'client':<14}{'wall s':>9}{'CPU s':>9}{'MiB':>9}{'lost':>6}{'dcctl is':>10}")
    own = statistics.median(one.wall for one in figures["dcctl"])
    for client, all_of in figures.items():
        wall = statistics.median(one.wall for one in all_of)
        cpu = statistics.median(one.cpu for one in all_of)
        memory = statistics.median(one.memory for one in all_of)
        lost = max(one.lost for one in all_of)
        print(f"{client:<14}{wall:>9.2f}{cpu:>9.2f}{memory:>9.0f}{lost:>6}{own / wall:>9.2f}x")


def main(arguments: list[str]) -> None:
    """Every size with every delay; `--clients dcctl --sizes 10000` for one of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[200, 500, 1000])
    parser.add_argument("--delays", type=int, nargs="*", default=[0, 20, 200])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", nargs="*", default=list(CLIENTS))
    chosen, _ = parser.parse_known_args(arguments)
    clients = [one for one in chosen.clients if _installed(one)]
    for count in chosen.sizes:
        with tempfile.TemporaryDirectory() as name, fleet(Path(name), count):
            for delay in chosen.delays:
                (Path(name) / "delay").write_text(str(delay), encoding="ascii")
                figures: dict[str, list[Figure]] = {client: [] for client in clients}
                for _ in range(chosen.rounds):
                    for client, made in figures.items():
                        made.append(measure(client, Path(name), count))
                table(figures, count, delay)


if __name__ == "__main__":
    main(sys.argv[1:])
