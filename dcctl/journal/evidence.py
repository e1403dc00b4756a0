"""What was read of very many targets, fetched when it is looked at and never held whole.

Over connections of their own, one in each process that asks: a fork shares none with its parent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dcctl.errors import NotFound
from dcctl.journal import engine as database
from dcctl.journal import fold, importer
from dcctl.text import N_

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container
    from pathlib import Path

_BLOB = "SELECT content FROM blobs WHERE digest = ?"
_TARGETS = "SELECT DISTINCT target FROM readings WHERE run = ? ORDER BY target"
_READINGS = (
    "SELECT events.shard, events.sequence, events.data FROM readings"
    " JOIN events USING (run, shard, sequence) WHERE readings.target = ? AND readings.run = ?"
)


class _Asking:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: dict[int, sqlite3.Connection] = {}  # by process

    def _rows(self, query: str, *values: str) -> list[Any]:
        own = self._opened.get(os.getpid())
        with database.translated(self._path):
            if own is None:
                own = self._opened[os.getpid()] = database.opened_read_only(self._path)
            return own.execute(query, values).fetchall()

    def close(self) -> None:
        """Close this process's connection."""
        own = self._opened.pop(os.getpid(), None)
        if own is not None:
            own.close()


class Evidence(_Asking):
    """The bytes kept under a digest."""

    def __call__(self, digest: str) -> bytes:
        """The evidence of this SHA-256 digest.

        Raises:
            NotFound: it isn't here. JournalError: it is not what its digest says.
        """
        rows = self._rows(_BLOB, digest)
        if not rows:
            raise NotFound(N_("no evidence {name} in the journal"), name=digest)
        return importer.unpacked(rows[0][0], digest)


class Readings(_Asking, Mapping[str, Mapping[str, Any]]):
    """A run's readings as `reader.make_record` makes them: target -> topic -> plain reading."""

    def __init__(self, path: Path, run: str, planned: Container[str]) -> None:
        super().__init__(path)
        self._run, self._planned = run, planned
        self._names = [name for (name,) in self._rows(_TARGETS, run) if name in planned]

    def __getitem__(self, target: str) -> dict[str, Any]:
        rows = self._rows(_READINGS, target, self._run) if target in self._planned else []
        told = [json.loads(data) for _, _, data in sorted(rows, key=fold.place)]
        if not told:
            raise KeyError(target)
        return dict(sorted({str(one["topic"]): one for one in told}.items()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
