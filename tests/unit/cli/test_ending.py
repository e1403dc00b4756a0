"""How a process ends when whoever reads it has seen enough, or is impatient."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.estate import site

DCCTL = Path(sys.executable).with_name("dcctl")
ENGLISH = {**os.environ, "DCCTL_LANG": "en"}


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "--version",
        "inventory check",
        "inventory list",
        "inventory list -o json",
        "inventory schema",
        "check list",
        "check list -o yaml",
        "plan --help",
    ],
)
def test_a_reader_that_is_gone_makes_no_error(tmp_path, arguments) -> None:
    root = site.write(tmp_path)
    if arguments == "inventory check":
        root = site.write(tmp_path, site.changed("dcctl.yml", ("concurrency: 5", "nonsense: 5")))
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [DCCTL, *arguments.split()],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
            cwd=root,
            env=ENGLISH,
        )
    finally:
        os.close(writing)
    assert done.returncode == 0, done
    assert "Exception" not in done.stderr
    assert "rror" not in done.stderr.replace("1 errors, 0 warnings", "")


def test_words_that_nobody_hears_stop_nothing(tmp_path) -> None:
    root = site.write(tmp_path, site.changed("dcctl.yml", ("concurrency: 5", "nonsense: 5")))
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [DCCTL, "inventory", "check"],
            stdout=subprocess.PIPE,
            stderr=writing,
            check=False,
            timeout=60,
            cwd=root,
            env=ENGLISH,
        )
    finally:
        os.close(writing)
    assert done.returncode == 2
    assert b"nonsense" in done.stdout


# Tells when interrupts are its own: that is the first thing that `main` sees to.
BEGUN = (
    "import os; from dcctl.cli import foreign, main; install = foreign.install;"
    " foreign.install = lambda: (os.write(2, b'.'), install()); main()"
)


@pytest.mark.parametrize("pause", [0.02, 0.1, 0.3])
def test_many_interrupts_end_it_as_one_does(tmp_path, pause) -> None:
    """Also those that come while it already ends; the code is never that of a signal."""
    root = site.write(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", BEGUN, "inventory", "list"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=root,
        env=ENGLISH,
    ) as working:
        assert working.stderr is not None
        assert working.stderr.read(1) == b"."
        time.sleep(pause)
        while working.poll() is None:
            working.send_signal(signal.SIGINT)
            time.sleep(0.001)
    assert working.returncode in {0, 130}, working.returncode
