"""When a collector last heard each sender, by the files that its own settings name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dcctl import clock, platforms

SETTINGS = (
    'template(name="DcctlRemote" type="string" string="{store}/%FROMHOST-IP%/messages.log")\n'
)


def looked_at(folder: Path) -> dict[str, Any]:
    collector = platforms.get("linux").collector("log_sources")
    assert collector is not None
    space: dict[str, Any] = {"__name__": "probe"}
    source = collector.commands[0].replace("/etc/rsyslog.d", str(folder / "settings"))
    exec(compile(source, "probe", "exec"), space)
    found: dict[str, Any] = space["probe"]()
    return found


@pytest.fixture
def collector(tmp_path: Path) -> Path:
    (tmp_path / "settings").mkdir()
    settings = SETTINGS.format(store=tmp_path / "store")
    (tmp_path / "settings" / "20-dcctl-collector.conf").write_text(settings)
    return tmp_path


def heard(folder: Path, sender: str, file: str, hours: float, text: str = "a line\n") -> None:
    path = folder / "store" / sender / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = clock.now().timestamp() - hours * 3600
    os.utime(path, (moment, moment))


def test_the_newest_of_a_sender_s_files_counts(collector: Path) -> None:
    heard(collector, "192.0.2.1", "messages.log", 1)
    heard(collector, "192.0.2.1", "messages.log.1", 25)
    heard(collector, "192.0.2.2", "messages.log", 0, text="")  # just rotated
    heard(collector, "192.0.2.2", "messages.log.1", 30)
    heard(collector, "192.0.2.3", "other.log", 1)  # nothing that the settings name
    found = looked_at(collector)
    assert [(address, round(age / 3600)) for address, age in found["items"]] == [
        ("192.0.2.1", 1),
        ("192.0.2.2", 30),
    ]
    assert found["unread"] == 0


def test_who_collects_nothing_has_heard_nobody(tmp_path: Path) -> None:
    assert looked_at(tmp_path) == {"items": [], "unread": 0}
