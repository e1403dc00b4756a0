"""Loads 10,000 elements and 4,000 servers beside `ansible-inventory`; starts beside Typer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.estate_files import FULL, Size, generate

REPOSITORY = Path(__file__).parents[2]
LOAD = (
    "import sys; from pathlib import Path; from dcctl import estate;"
    " e = estate.load(Path(sys.argv[1]))"
)
SELECT = f"{LOAD}; print(len(e.select('servers:!row_01')))"
TARGETS = f"{LOAD}; print(sum(len(e.target(name).groups) for name in e.names))"
EMPTY_TYPER = """
import typer
app = typer.Typer()
@app.callback(invoke_without_command=True)
def main() -> None: ...
app()
"""


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds by the clock, seconds of processor, peak MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    def __str__(self) -> str:
        return f"{self.wall_s:8.2f} s  {self.cpu_s:8.2f} s CPU  {self.peak_mib:7.0f} MiB"


def measure(command: list[str], folder: Path) -> Cost:
    """Run a command to its end and say what it took."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "ANSIBLE_HOME": str(folder)}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(command: list[str], folder: Path, times: int = 3) -> Cost:
    """The quickest of some runs, as the machine's other work only ever adds."""
    return min((measure(command, folder) for _ in range(times)), key=lambda cost: cost.wall_s)


def loading(size: Size, *, beside: bool) -> None:
    """Cold, warm, every target, and Ansible on the same files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = generate(folder / "site", size)
        files = [path for path in root.rglob("*") if path.is_file()]
        total = sum(path.stat().st_size for path in files) / 2**20
        print(
            f"{size.elements + size.servers} hosts in {len(files)} files, {total:.1f} MiB of YAML"
        )
        python = [sys.executable, "-c"]
        cold = measure([*python, LOAD, str(root)], folder)
        colds = [cold]
        for _ in range(2):
            shutil.rmtree(root / ".dcctl")
            colds.append(measure([*python, LOAD, str(root)], folder))
        cold = min(colds, key=lambda cost: cost.wall_s)
        warm = best([*python, SELECT, str(root)], folder)
        whole = best([*python, TARGETS, str(root)], folder)
        nothing = best([*python, "pass"], folder)
        print(f"  cold load and validation        {cold}")
        print(f"  warm load and selection         {warm}")
        print(f"  warm load and every target      {whole}")
        print(f"  (an empty Python process)       {nothing}")
        if beside:
            program = str(Path(sys.executable).parent / "ansible-inventory")
            theirs = measure([program, "-i", str(root / "inventory/hosts"), "--list"], folder)
            print(f"  ansible-inventory --list        {theirs}")
            for label, ours in (("cold", cold), ("warm", warm)):
                print(
                    f"  {label}: {theirs.wall_s / ours.wall_s:.1f} times faster by the clock,"
                    f" {theirs.cpu_s / ours.cpu_s:.1f} by processor,"
                    f" {theirs.peak_mib / ours.peak_mib:.1f} times less memory"
                )


def start_up() -> None:
    """`dcctl --help` beside an empty Typer application."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY_TYPER)
        typer = best([sys.executable, str(folder / "empty.py"), "--help"], folder, 5)
        try:
            ours = best([sys.executable, "-m", "dcctl", "--help"], folder, 5)
        except subprocess.CalledProcessError:
            print("  dcctl --help                    is not there yet")
            return
        print(f"  an empty Typer application      {typer}")
        print(f"  dcctl --help                    {ours}")
        print(f"  {ours.cpu_s / typer.cpu_s:.2f} times an empty Typer application's processor time")


def main(arguments: list[str]) -> None:
    """Measure and print; `--small` for a tenth of it, `--alone` without Ansible."""
    size = Size(1_000, 400) if "--small" in arguments else FULL
    print("estate")
    loading(size, beside="--alone" not in arguments)
    start_up()


if __name__ == "__main__":
    main(sys.argv[1:])
