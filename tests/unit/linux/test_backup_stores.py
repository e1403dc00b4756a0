"""What repositories say of themselves, by files as restic 0.14 and borg 1.2.4 wrote them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.facts.backup_stores import BackupStores

# The first 60 bytes of the segment that `borg init -e …` writes.
SEGMENTS = {
    "none": (
        "424f52475f53454733f91ad8d40100000000000000000000000000000000"
        "00000000000000000000000000000000000000020100f01d86a861726368"
    ),
    "repokey": (
        "424f52475f534547774723b40a0200000000000000000000000000000000"
        "0000000000000000000000000000000000000003ddd62b4736aeafba8c59"
    ),
    "keyfile-blake2": (
        "424f52475f5345478516c5de0a0200000000000000000000000000000000"
        "0000000000000000000000000000000000000000043894ca26e013db465b"
        "b8"
    ),
    "authenticated": (
        "424f52475f534547c67b535ce20100000000000000000000000000000000"
        "00000000000000000000000000000000000000070100f02b86a861726368"
    ),
}
KEY = '{"created":"2026-11-23T06:03:39Z","kdf":"scrypt","N":32768,"salt":"x","data":"y"}'


def looked_at(store: Path) -> BackupStores | None:
    collector = platforms.get("linux").collector("backup_stores")
    assert collector is not None
    space: dict[str, object] = {"__name__": "probe"}
    source = collector.commands[0].replace("/srv/backup", str(store))
    exec(compile(source, "probe", "exec"), space)
    text = json.dumps(space["probe"]())  # type: ignore[operator]  # the probe's own function
    assert '"y"' not in text  # no key leaves the host, sealed or not
    fact = collector.parse([Output(command="probe", text=text)])
    assert fact is None or isinstance(fact, BackupStores)
    return fact


def written(store: Path, name: str, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        file = store / "repositories" / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "encrypted"),
    [("none", False), ("authenticated", False), ("repokey", True), ("keyfile-blake2", True)],
)
def test_borg_says_by_its_first_object(tmp_path: Path, kind: str, *, encrypted: bool) -> None:
    segment = bytes.fromhex(SEGMENTS[kind])
    files = {"config": b"[repository]\nversion = 1\n", "data/0/0": segment, "data/0/1": b""}
    written(tmp_path, "x", files)
    fact = looked_at(tmp_path)
    assert fact is not None
    assert [(one.tool, one.encrypted) for one in fact.items] == [("borg", encrypted)]


@pytest.mark.parametrize(
    ("key", "config", "encrypted"),
    [
        (KEY, b"\xc4\xab\xbbt", True),
        ("{}", b"\xc4\xab\xbbt", False),
        ("no key", b"\xc4\xab\xbbt", False),
        (KEY, b'{"version":2}', False),
    ],
)
def test_restic_says_by_its_keys_and_its_settings(
    tmp_path: Path, key: str, config: bytes, *, encrypted: bool
) -> None:
    written(tmp_path, "x", {"keys/aa": key.encode(), "config": config, "data/.x": b""})
    fact = looked_at(tmp_path)
    assert fact is not None
    assert [(one.tool, one.encrypted) for one in fact.items] == [("restic", encrypted)]


def test_what_is_no_repository_is_named_and_one_in_the_making_is_not(tmp_path: Path) -> None:
    written(tmp_path, "copies", {"etc/passwd": b"root"})
    written(tmp_path, "new", {"keys/aa": KEY.encode()})
    fact = looked_at(tmp_path)
    assert fact is not None
    assert [(one.path.rpartition("/")[2], one.encrypted) for one in fact.items] == [
        ("copies", None)
    ]


def test_no_store_is_none(tmp_path: Path) -> None:
    assert looked_at(tmp_path) is None
