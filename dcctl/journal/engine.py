"""The one way to the database: opened privately, written durably, its errors told in one line.

SQLite with a write-ahead log and full synchronisation: a commit that returned survives a power
cut. A writer takes the write lock when its transaction begins, so that no transaction fails half-
way because another one was faster.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from dcctl.errors import DcctlError, JournalError
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from sqlalchemy import Connection, Dialect

BUSY_S = 30.0  # of real time: another process's transaction lasts milliseconds
_WRITING = "dcctl_writing"
_COMPILED: MutableMapping[Any, Any] = LRUCache(500)  # statements, as text


def location(url: str, root: Path) -> Path:
    """The file of a journal: `sqlite:///relative`, `sqlite:////absolute`, or a plain path.

    Raises:
        JournalError: a database that this version can't use.
    """
    kind, separator, rest = url.partition("://")
    if not separator:
        return root / Path(url).expanduser()
    if kind != "sqlite" or not rest.startswith("/") or rest == "/":
        raise JournalError(
            N_("{url}: this version keeps its journal in a SQLite file"),
            hint=N_("write sqlite:///.dcctl/journal.db in dcctl.yml"),
            url=f"{kind}://…",  # what follows may hold a password
        )
    return root / rest[1:]


def make_private(path: Path) -> None:
    """Make the journal's folder (0700) and file (0600) where they are not there yet."""
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)


def connect(path: Path, *, read_only: bool) -> Engine:
    """An engine for the journal in `path`; nothing is opened yet."""

    def creator() -> Any:
        return opened_read_only(path) if read_only else _open(path, "rw")

    dialect = _dialect()
    pool = QueuePool(creator, pool_size=4, dialect=dialect)
    plain = Engine(pool, dialect, make_url("sqlite://"))
    engine = plain.execution_options(compiled_cache=_COMPILED)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@cache
def _dialect() -> Dialect:
    """SQLite, as its driver here speaks it: one for all journals, so that they share statements."""
    spoken = create_engine("sqlite://")
    with spoken.connect():
        pass  # on its first connection it finds out what the library can do
    spoken.dispose()
    return spoken.dialect


def _open(path: Path, mode: str, extra: str = "") -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}{extra}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        if mode == "rw":
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def opened_read_only(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, in a folder where nothing can be written too."""
    try:
        return _open(path, "ro")
    except sqlite3.OperationalError:
        # A write-ahead log needs its side files, which can't be made in a read-only folder. When
        # there is no log, nobody is writing and the file alone is complete.
        if path.is_file() and not path.with_name(path.name + "-wal").exists():
            return _open(path, "ro", "&immutable=1")
        raise


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """A transaction that sees one state of the journal."""
    with translated(path), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start; durable when the block has ended."""
    with translated(path), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITING: True})
        with connection.begin():
            yield connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the database and the file system say into `JournalError`."""
    try:
        yield
    except DcctlError:
        raise
    except exc.DBAPIError as error:
        raise _told(error.orig, path) from error
    except (sqlite3.Error, OSError) as error:
        raise _told(error, path) from error


def _told(error: Any, path: Path) -> JournalError:
    name = getattr(error, "sqlite_errorname", "") or errno.errorcode.get(
        getattr(error, "errno", None) or 0, ""
    )
    said = getattr(error, "strerror", None) or str(error)
    parameters: dict[str, Any] = {"path": str(path), "error": said}
    for prefixes, msgid, hint in _MEANINGS:
        if name.startswith(prefixes):
            return JournalError(msgid, hint=hint, **parameters)
    return JournalError(N_("{path}: the journal can't be used: {error}"), **parameters)


_MEANINGS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("SQLITE_FULL", "ENOSPC", "EDQUOT", "EFBIG"),
        N_("{path}: no space left for the journal"),
        N_("make room, then go on with dcctl runs resume; nothing that was written is lost"),
    ),
    (
        ("SQLITE_READONLY", "EROFS", "EACCES", "EPERM"),
        N_("{path}: the journal can't be written: {error}"),
        N_("dcctl needs to write its journal's file and the folder around it"),
    ),
    (
        ("SQLITE_CANTOPEN", "ENOENT", "ENOTDIR", "EISDIR"),
        N_("{path}: the journal can't be opened: {error}"),
        N_("see journal: in dcctl.yml"),
    ),
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB"),
        N_("{path}: the journal is damaged: {error}"),
        N_("keep the file for the record, and restore it from the last backup"),
    ),
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED"),
        N_("{path}: another program has held the journal for too long"),
        N_("see what has the file open, then try again"),
    ),
    (
        ("SQLITE_IOERR", "EIO"),
        N_("{path}: the disk under the journal fails or is full: {error}"),
        N_("see to the disk, then go on with dcctl runs resume"),
    ),
)
