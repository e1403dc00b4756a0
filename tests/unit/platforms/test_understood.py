"""The table of what is understood is as it is now."""

from __future__ import annotations

import pytest

from tools import understood


def test_the_table_in_the_documents_is_current():
    assert list(understood.stale()) == [], "run: python -m tools.understood update"


def test_a_row_that_is_no_longer_so_is_told_without_recordings_too(monkeypatch, tmp_path):
    document = tmp_path / "platforms.md"
    text = understood.DOCUMENT.read_text()
    document.write_text(text.replace("| show ip cef |", "| show ip route |"))
    monkeypatch.setattr(understood, "DOCUMENT", document)
    monkeypatch.setattr(understood, "RECORDINGS", tmp_path / "none")
    (told,) = understood.stale()
    assert "show ip cef" in told
    assert understood.update() == 1


@pytest.mark.skipif(not understood.RECORDINGS.is_dir(), reason="no recordings of real devices")
def test_the_table_holds_every_recorded_command():
    commands = sum(1 for _ in understood.RECORDINGS.glob("*/*"))
    assert sum(line.startswith("| ") for line in understood.inside()[2:]) == commands
