"""A call that is forked says and ends as one that is started from nothing."""

from __future__ import annotations

import subprocess

import pytest

from tests import command_line
from tests.unit.estate import site


@pytest.mark.parametrize(
    ("language", "words", "code"),
    [("vi", "plan --help", 0), ("en", "inventory list", 0), ("vi", "runs show", 2)],
)
def test_forked_or_started_is_the_same(tmp_path, language, words, code) -> None:
    root = site.write(tmp_path)
    asked = {"cwd": root, "env": {"DCCTL_LANG": language, "COLUMNS": "100"}}
    forked, started = (
        call(*words.split(), **asked) for call in (command_line.dcctl, command_line.started)
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        started.returncode,
        started.stdout,
        started.stderr,
    )
    assert forked.returncode == code, forked


def test_one_that_takes_too_long_is_killed_and_the_next_is_answered(tmp_path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        command_line.dcctl("check", "list", cwd=tmp_path, env={}, timeout=0.01)
    assert command_line.dcctl("--version", cwd=tmp_path, env={}).stdout.startswith("dcctl ")
