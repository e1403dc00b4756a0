"""What an operator does with runs: interrupt one, follow a dead one, do one again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.workflows.test_bad_input import dcctl

ONE = ("--lab", "--limit", "p01-pe1")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory):
    site = tmp_path_factory.mktemp("runs") / "site"
    assert dcctl(site.parent, "init", str(site)).returncode == 0
    up = dcctl(site, "lab", "up", "--limit", "p01-pe1")
    assert up.returncode == 0, up.stderr
    assert dcctl(site, "lab", "fault", "p01-pe1", "slow", "seconds=0.5").returncode == 0
    try:
        yield site
    finally:
        assert dcctl(site, "lab", "down").returncode == 0


def runs(root: Path) -> list[dict[str, str]]:
    listed = dcctl(root, "runs", "list", "--lab", "-n", "100", "--output", "json")
    return json.loads(listed.stdout) if listed.returncode == 0 else []


def begun(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """The verb at work: a run more is in the journal."""
    before = len(runs(root))
    working = subprocess.Popen(
        [sys.executable, "-m", "dcctl", *arguments],
        env={**os.environ, "DCCTL_LANG": "en", "DCCTL_SITE": str(root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(runs(root)) == before:
        assert working.poll() is None, working.communicate()
        assert time.monotonic() < deadline
    return working


def test_an_interrupt_while_observing_ends_a_build_before_it_changes(root: Path) -> None:
    working = begun(root, "build", *ONE, "--yes")
    os.killpg(working.pid, signal.SIGINT)
    _, said = working.communicate(timeout=60)
    assert working.returncode == 130, said
    assert said.splitlines()[-1].startswith("error: interrupted while observing")
    assert runs(root)[0]["verb"] == "observe"


def test_a_command_run_again_is_that_command_and_an_observing_run_is_nothing(root: Path) -> None:
    working = begun(root, "build", *ONE, "--yes")
    os.killpg(working.pid, signal.SIGINT)
    working.communicate(timeout=60)
    seen = runs(root)[0]["id"]
    refused = dcctl(root, "runs", "rerun", seen, "--lab", "--yes")
    assert refused.returncode == 6, refused
    assert dcctl(root, "exec", *ONE, "--", "show", "clock").returncode == 0
    again = dcctl(root, "runs", "rerun", "--lab", "--yes", "--output", "json")
    record = json.loads(again.stdout)
    assert (record["run"]["verb"], record["run"]["request"]["command"]) == ("exec", "show clock")


def test_a_killed_run_is_not_watched_for_ever_and_is_what_is_resumed(root: Path) -> None:
    working = begun(root, "check", *ONE)
    os.kill(working.pid, signal.SIGKILL)
    working.communicate(timeout=60)
    killed = runs(root)[0]
    assert (killed["verb"], killed["status"]) == ("check", "interrupted")
    shown = json.loads(dcctl(root, "runs", "show", "--lab", "--output", "json").stdout)
    assert shown["run"]["status"] == "interrupted"
    watched = dcctl(root, "runs", "watch", "--lab")
    assert f"dcctl runs resume {killed['id']} --lab" in watched.stdout
    assert dcctl(root, "exec", *ONE, "--", "show", "clock").returncode == 0
    resumed = json.loads(dcctl(root, "runs", "resume", "--lab", "--output", "json").stdout)
    assert (resumed["run"]["id"], resumed["run"]["status"]) == (killed["id"], "finished")


def test_a_killed_run_that_is_given_up_is_told_as_cancelled(root: Path) -> None:
    working = begun(root, "check", *ONE)
    os.kill(working.pid, signal.SIGKILL)
    working.communicate(timeout=60)
    given_up = dcctl(root, "runs", "cancel", "--lab")
    assert given_up.stderr.endswith("is cancelled\n"), given_up
    assert runs(root)[0]["status"] == "cancelled"
    again = dcctl(root, "runs", "cancel", "--lab")
    assert (again.returncode, "nothing to cancel" in again.stderr) == (6, True), again
