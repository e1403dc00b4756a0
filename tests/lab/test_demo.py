"""`make demo` as a newcomer runs it, twice: built and judged, then nothing to change."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    subprocess.run(["git", "clone", "-q", str(ROOT), str(tmp_path / "dcctl")], check=True)
    yield tmp_path / "dcctl"
    subprocess.run(
        [".venv/bin/dcctl", "lab", "down"], cwd=tmp_path / "dcctl", check=False, timeout=120
    )


def demo(clone: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["make", "demo"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:]
    reports = clone / ".dcctl" / "reports"
    assert {path.suffix for path in reports.iterdir()} == {".html", ".json", ".xml", ".md"}
    report: dict[str, Any] = json.loads((reports / "demo.json").read_text())
    return report


def outcomes(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["step"]: row for row in report["outcomes"].values()}


def test_the_demo_builds_everything_and_then_has_nothing_to_do(clone: Path) -> None:
    first = demo(clone)
    done = outcomes(first)
    platforms = Counter(target["platform"] for target in first["plan"]["targets"].values())
    assert platforms["linux"] >= 4
    assert platforms["frr"] >= 3
    assert platforms["cisco_xe"] + platforms["juniper_junos"] >= 6
    changed = {name for name, row in done.items() if row["status"] == "changed"}
    assert {
        "hl-sto-a01/role:storage_volume",
        "hl-oob-r1/config:frr",
        "p01-pe1/config:cisco_xe",
    } <= changed
    judged = Counter(finding["status"] for finding in first["findings"])
    assert not judged["fail"] + judged["partial"] + judged["not_evaluated"]

    second = outcomes(demo(clone))
    assert set(second) == set(done)
    assert Counter(row["status"] for row in second.values()) == {"ok": len(second)}
