"""The same fleet asked by dcctl, nornir, asyncssh and Ansible, in turn, in one run.

Prints Markdown tables of the medians, and what docs/performance.md promises beside what was
measured; `--json FILE` keeps every single figure. Client and fleet share the machine, so only
ratios mean anything. CPU and memory are those of the client's processes, all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

_LOOK_EVERY_S = 0.1
CLIENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "dcctl": ("with_dcctl", ("500",)),
    "nornir 20": ("with_nornir", ("20",)),
    "nornir 100": ("with_nornir", ("100",)),
    "nornir 200": ("with_nornir", ("200",)),
    "asyncssh": ("with_asyncssh", ()),
}
# Takes gigabytes and most of a minute for fifty devices: measured beside dcctl at that size alone.
ANSIBLE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ansible 20": ("with_ansible", ("20",)),
    "ansible 50": ("with_ansible", ("50",)),
}
# Aims: dcctl's wall time, as a part of another's.
_OF_NORNIRS_BEST = {0: 0.65, 200: 0.55}  # by milliseconds a command
_OF_NORNIRS_DEFAULT = 0.2
_OF_ASYNCSSH = 1.2
_FAR_MS = 200
Table = dict[str, list["Figure"]]  # client -> its runs


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
    module, more = {**CLIENTS, **ANSIBLE}[client]
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
    needs = {"nornir": "nornir_netmiko", "ansible": "ansible_collections.cisco.ios"}
    module = needs.get(client.partition(" ")[0])
    try:
        there = module is None or find_spec(module) is not None
    except ModuleNotFoundError:
        there = False
    if not there:
        print(f"{client}: left out, {module} is not installed")
    return there


def median(runs: Sequence[Figure], name: str) -> float:
    """The median of one figure."""
    return float(statistics.median(getattr(one, name) for one in runs))


def markdown(figures: Table, count: int, delay: int) -> str:
    """The medians, each beside dcctl's."""
    rounds = max(len(runs) for runs in figures.values())
    lines = [
        f"{count:,} devices, {delay} ms a command, median of {rounds}:",
        "",
        "| client | wall s | CPU s | MiB | lost | dcctl is |",
        "|---|---|---|---|---|---|",
    ]
    own = median(figures["dcctl"], "wall")
    for client, runs in figures.items():
        wall, cpu, memory = (median(runs, name) for name in ("wall", "cpu", "memory"))
        lost = max(one.lost for one in runs)
        lines.append(
            f"| {client} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {lost} | {own / wall:.2f} |"
        )
    return "\n".join(lines)


def aims(tables: Mapping[tuple[int, int], Table]) -> str:
    """What is promised of dcctl's wall time at each size, and what it is."""
    lines = ["| devices | ms | aim | at most | measured | |", "|---|---|---|---|---|---|"]
    for (count, delay), figures in tables.items():
        own = median(figures["dcctl"], "wall")
        walls = {client: median(runs, "wall") for client, runs in figures.items()}
        nornirs = [wall for client, wall in walls.items() if client.startswith("nornir")]
        wanted = []
        if nornirs and delay in _OF_NORNIRS_BEST:
            wanted.append(("nornir's best", _OF_NORNIRS_BEST[delay], min(nornirs)))
        if "nornir 20" in walls and delay == _FAR_MS:
            wanted.append(("nornir's default", _OF_NORNIRS_DEFAULT, walls["nornir 20"]))
        if "asyncssh" in walls:
            wanted.append(("raw asyncssh", _OF_ASYNCSSH, walls["asyncssh"]))
        for name, most, other in wanted:
            word = "met" if own / other <= most else "**missed**"
            lines.append(f"| {count:,} | {delay} | {name} | {most} | {own / other:.2f} | {word} |")
    return "\n".join(lines)


def compare(
    count: int, delays: Sequence[int], clients: Sequence[str], rounds: int
) -> Iterator[tuple[int, Table]]:
    """Every delay with its table; the clients take turns."""
    with tempfile.TemporaryDirectory() as name, fleet(Path(name), count):
        for delay in delays:
            (Path(name) / "delay").write_text(str(delay), encoding="ascii")
            figures: Table = {client: [] for client in clients}
            for _ in range(rounds):
                for client, made in figures.items():
                    made.append(measure(client, Path(name), count))
            yield delay, figures


def main(arguments: list[str]) -> None:
    """Every size with every delay, Ansible at fifty devices, and dcctl alone at ten thousand."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[200, 500, 1000])
    parser.add_argument("--delays", type=int, nargs="*", default=[0, 20, 200])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", nargs="*", default=list(CLIENTS))
    parser.add_argument("--ansible", type=int, default=50, help="devices; 0: leave it out")
    parser.add_argument("--large", type=int, default=10_000, help="devices; 0: leave it out")
    parser.add_argument("--json", type=Path, help="where every single figure is written")
    chosen, _ = parser.parse_known_args(arguments)
    clients = [one for one in chosen.clients if _installed(one)]
    others = ["dcctl", *(one for one in ANSIBLE if chosen.ansible and _installed(one))]
    plan = [(count, chosen.delays, clients, chosen.rounds) for count in chosen.sizes]
    if len(others) > 1:
        plan.append((chosen.ansible, [0], others, chosen.rounds))
    if chosen.large:
        plan.append((chosen.large, [0], ["dcctl"], 1))
    tables: dict[tuple[int, int], Table] = {}
    for count, delays, some, rounds in plan:
        for delay, figures in compare(count, delays, some, rounds):
            tables[count, delay] = figures
            print(f"\n{markdown(figures, count, delay)}", flush=True)
            if chosen.json:
                _keep(tables, chosen.json)
    print(f"\n{aims(tables)}")


def _keep(tables: Mapping[tuple[int, int], Table], file: Path) -> None:
    raw = [
        {"devices": count, "delay_ms": delay, "client": client, **asdict(one)}
        for (count, delay), figures in tables.items()
        for client, runs in figures.items()
        for one in runs
    ]
    file.write_text(json.dumps(raw, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
