"""The layers are held by a tool, and the tool really fails on a violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "dcctl", tmp_path / "dcctl", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )


VIOLATIONS = [
    ("dcctl/model/target.py", "from dcctl import clock, cli\n", "Imports go down only"),
    ("dcctl/planning/waves.py", "import dcctl.journal\n", "Imports go down only"),
    ("dcctl/running/__init__.py", "import netmiko\n", "Foreign protocols stay in executors"),
    ("dcctl/workflows/build.py", "import typer\n", "The terminal stays in cli"),
    ("dcctl/workflows/build.py", "import sqlalchemy\n", "The database stays in journal"),
    ("dcctl/lab/__init__.py", "import dcctl.facts\n", "The twin and the tool share no parser"),
    ("dcctl/executors/__init__.py", "import ansible\n", "Ansible is never imported"),
    (
        "dcctl/reports/markdown_text.py",
        "from dcctl.contracts._report import Report\n",
        "Contracts have one way in",
    ),
]


def test_the_layers_are_kept(copy: Path):
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS)
def test_a_violation_is_found(copy: Path, file: str, line: str, contract: str):
    path = copy / file
    path.write_text(path.read_text() + "\n" + line)
    done = lint(copy)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout
