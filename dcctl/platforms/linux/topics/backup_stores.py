"""Repositories kept for others, by their own files."""

from __future__ import annotations

from typing import Any

from dcctl.facts.backup_stores import BackupStore, BackupStores

# borg's own numbers (crypto/key.py): plain text; authenticated, but in clear.
_BORG_CLEAR = (0x02, 0x06, 0x07)
_BORG_SEALED = (0x00, 0x01, 0x03, 0x04, 0x05)


def parse(data: Any) -> BackupStores | None:
    """None where it keeps none."""
    items = tuple(_store(item) for item in data["items"])
    return BackupStores(items=items, unread=int(data["unread"])) if items else None


def _store(item: Any) -> BackupStore:
    return BackupStore(path=item["path"], tool=item["tool"], encrypted=_encrypted(item))


def _encrypted(item: Any) -> bool | None:
    match item["tool"]:
        case "restic":  # settings are an object like any other: sealed with a key that is sealed
            return bool(item["seals"]) and all(item["seals"]) and not item["clear"]
        case "borg" if item["seal"] in _BORG_SEALED:
            return True
        case "borg" if item["seal"] in _BORG_CLEAR:
            return False
        case _:
            return None


PARSE = parse
