"""Opening a journal: in the right place, privately, with the schema of this version."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sqlalchemy import insert, select

from dcctl.errors import JournalError
from dcctl.journal import engine as database
from dcctl.journal import importer, migrate
from dcctl.journal.schema import meta
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine


class Opened:
    """An open journal, with its transactions; safe across threads."""

    def __init__(self, engine: Engine, path: Path, identity: str, *, read_only: bool) -> None:
        self.id = identity
        self.path = path
        self.read_only = read_only
        self._engine = engine
        self._positions: dict[tuple[str, str], importer.Position] = {}

    @classmethod
    def open(
        cls,
        url: str,
        *,
        root: Path,
        create: bool = True,
        read_only: bool = False,
        expected: str = "",
    ) -> Self:
        """Open the journal at `url` (relative to `root`), bringing its schema up to date.

        Args:
            url: `sqlite:///.dcctl/journal.db`.
            root: the site's folder.
            create: make it when it is not there.
            read_only: write nothing, not even a newer schema.
            expected: the id that `dcctl.yml` pins; empty when none is pinned yet.

        Raises:
            JournalError: not there, not readable or writable, damaged, of a later version, or
            another estate's.
        """
        path = database.location(url, root)
        if not path.exists():
            if read_only or not create:
                raise JournalError(
                    N_("{path}: there is no journal yet"),
                    hint=N_("the first run makes it"),
                    path=str(path),
                )
            database.make_private(path)
        engine = database.connect(path, read_only=read_only)
        try:
            identity = _prepare(engine, path, read_only=read_only)
            _require_identity(identity, expected, path)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, path, identity, read_only=read_only)

    def close(self) -> None:
        """Close it; everything that was written stays."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with database.reading(self._engine, self.path) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self.read_only:
            raise JournalError(
                N_("{path}: the journal was opened to read only"), path=str(self.path)
            )
        with database.writing(self._engine, self.path) as connection:
            yield connection


def _prepare(engine: Engine, path: Path, *, read_only: bool) -> str:
    """Check (and when it may be written, upgrade) the schema; gives the journal's id."""
    with database.reading(engine, path) as connection:
        found = migrate.revision(connection)
        migrate.require_not_newer(found)
        if found == migrate.newest():
            return _identity(connection)
    if read_only:
        raise JournalError(
            N_("{path}: the journal's schema is old, and it was opened to read only"),
            hint=N_("open it once with a command that writes, such as dcctl check"),
            path=str(path),
        )
    with database.writing(engine, path) as connection:
        migrate.upgrade(connection)
        if connection.execute(select(meta.c.value).where(meta.c.key == "id")).first() is None:
            connection.execute(insert(meta), {"key": "id", "value": str(uuid.uuid4())})
        return _identity(connection)


def _identity(connection: Connection) -> str:
    return str(connection.execute(select(meta.c.value).where(meta.c.key == "id")).scalar_one())


def _require_identity(found: str, expected: str, path: Path) -> None:
    if expected and found != expected:
        raise JournalError(
            N_("{path}: this is journal {found}, and dcctl.yml pins {expected}"),
            hint=N_("point journal: at the right file; one estate has one journal"),
            path=str(path),
            found=found,
            expected=expected,
        )
