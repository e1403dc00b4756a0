"""`dcctl --help` beside the help of an empty Typer application, both as processes."""

from __future__ import annotations

import subprocess
import sys
import time

_ROUNDS = 15
_EMPTY = "import typer; app = typer.Typer(); app.command('a')(lambda: None); app()"


def main(_arguments: list[str]) -> None:
    """The least of many, in turn, so that both see the same machine."""
    commands = {
        "empty Typer": [sys.executable, "-c", _EMPTY, "--help"],
        "dcctl": [sys.executable, "-m", "dcctl", "--help"],
    }
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(_ROUNDS):
        for name, command in commands.items():
            begun = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            least[name] = min(least[name], time.perf_counter() - begun)
    for name, seconds in least.items():
        print(f"{name} --help: {seconds * 1000:.0f} ms")
    print(f"ratio: {least['dcctl'] / least['empty Typer']:.2f}")
