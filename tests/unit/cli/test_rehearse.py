"""`dcctl upgrade rehearse` refuses what it could not write before it rehearses for minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.test_words import dcctl
from tests.unit.estate import site


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--language", "fr"), "reports speak en, vi, both, not fr"),
        (("--out", "x.pdf"), "x.pdf: a rehearsal's report is FILE.html or FILE.md"),
        (("--out", "nowhere/x.md"), "there is no folder nowhere"),
    ],
)
def test_what_can_not_be_written(tmp_path: Path, arguments: tuple[str, str], said: str) -> None:
    root = site.write(tmp_path)
    done = dcctl(root, "upgrade", "rehearse", "ffff", *arguments, language="en")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
