"""The tool behind `make simulate`, as it is called."""

from __future__ import annotations

import re
import subprocess
import sys


def test_it_simulates_in_processes_and_tells_what_it_did() -> None:
    tool = [sys.executable, "-m", "tools.simulate"]
    done = subprocess.run(
        [*tool, "1-2", "--size", "4", "--jobs", "2", "--makes", "mx204,c8500-12x4qc"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    told = r"2 campaigns of 8 elements in \d+ s in 2 processes \(\d+ s of CPU\): "
    assert re.fullmatch(told + r"[\d,]+ campaigns an hour", last)
