"""How fast and how large a lab of many simulated elements is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dcctl.lab import elements
from dcctl.model.target import Target

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("count", [300, 1000, 10_000])
def test_many_elements(tmp_path, count):
    targets = [
        Target(name=f"r{number}", platform=platform, kind="router")
        for number, platform in enumerate(["cisco_xe", "juniper_junos"] * (count // 2))
    ]
    start = time.perf_counter()
    entries = elements.up(targets, tmp_path, str(tmp_path))
    lasted = time.perf_counter() - start
    try:
        pid = (tmp_path / "elements" / "daemon.pid").read_text(encoding="ascii")
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        memory = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        print(f"{len(entries)} elements listen after {lasted:.2f} s; {memory}")
        assert len({(entry.address, entry.port) for entry in entries}) == count
    finally:
        elements.down(tmp_path)
