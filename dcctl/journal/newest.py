"""The names of the newest runs and plans, for completion: SQLite's file only, and no SQLAlchemy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_SQLITE = "sqlite:///"
_WAIT_S = 0.2


def runs(url: str, root: Path, most: int) -> list[str]:
    """The ids of the newest runs."""
    return _column(url, root, "SELECT id FROM runs ORDER BY id DESC LIMIT ?", most)


def plans(url: str, root: Path, most: int) -> list[str]:
    """The hashes of the newest plans that `dcctl apply` takes."""
    query = "SELECT hash FROM plans WHERE verb = 'build' ORDER BY created_at DESC LIMIT ?"
    return _column(url, root, query, most)


def changing_plans(url: str, root: Path, most: int) -> list[str]:
    """The hashes of the newest plans that somebody may have to approve."""
    query = (
        "SELECT hash FROM plans WHERE EXISTS (SELECT 1 FROM steps WHERE plan_hash = hash AND "
        "changes) ORDER BY created_at DESC LIMIT ?"
    )
    return _column(url, root, query, most)


def _column(url: str, root: Path, query: str, most: int) -> list[str]:
    path = root / url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or not path.is_file():
        return []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_WAIT_S)) as found:
        return [str(row[0]) for row in found.execute(query, (most,))]
