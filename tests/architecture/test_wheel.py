"""The built wheel works alone: an empty virtual environment, no repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*argv: object, cwd: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in argv],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "", "DCCTL_LANG": "en"},
        **settings,
    )


@pytest.fixture(scope="module")
def dcctl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT, cwd=folder
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("dcctl-*.whl")
    venv.create(folder / "venv")
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv", "install", "-q")
    lock = ROOT / "requirements.lock"
    installed = run(*pip, "--no-compile", "-c", lock, wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder / "venv" / "bin" / "dcctl"


def test_init_and_inventory_without_the_repository(dcctl: Path, tmp_path: Path):
    made = run(dcctl, "init", "mysite", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    site = tmp_path / "mysite"
    assert (site / "dcctl.yml").is_file()
    assert (site / "inventory" / "topology.yml").is_file()

    checked = run(dcctl, "inventory", "check", cwd=site)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 errors" in checked.stderr

    listed = run(dcctl, "inventory", "list", "--output", "json", cwd=site)
    assert listed.returncode == 0, listed.stderr
    assert '"p79-pe1"' in listed.stdout

    again = run(dcctl, "init", "mysite", cwd=tmp_path)
    assert again.returncode == 2
    assert "not empty" in again.stderr
    assert len(again.stderr.strip().splitlines()) == 1


def test_the_wheel_carries_roles_templates_and_translations(dcctl: Path, tmp_path: Path):
    probe = run(
        dcctl.with_name("python"),
        "-c",
        "from pathlib import Path; import dcctl; from dcctl import discovery, text;"
        "root = discovery.data_root(); print(root.name);"
        "print(sorted(p.name for p in (root / 'roles').iterdir()));"
        "print((root / 'templates' / 'devices').is_dir());"
        "print(text.translate('interrupted', 'vi') != 'interrupted')",
        cwd=tmp_path,
    )
    assert probe.returncode == 0, probe.stderr
    name, roles, templates, translated = probe.stdout.splitlines()
    assert name == "_data"
    assert "ssh_hardening" in roles
    assert (templates, translated) == ("True", "True")
    offline = run(
        dcctl,
        "plan",
        "--offline",
        "--limit",
        "p01-pe1",
        "--output",
        "json",
        cwd=_site(dcctl, tmp_path),
    )
    assert offline.returncode == 5, offline.stderr
    assert "hostname p01-pe1" in offline.stdout


def _site(dcctl: Path, folder: Path) -> Path:
    made = run(dcctl, "init", "site", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder / "site"
