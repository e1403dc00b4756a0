"""Bringing a journal's schema up to date: Alembic, in one transaction that locks the database.

A new journal is made as the tables are now, without Alembic, whose import costs more than they do.
A revision is named by the four digits that its file starts with, so that the version can be
compared without importing Alembic, which most openings of a journal never need.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from dcctl.errors import JournalError
from dcctl.journal.schema import METADATA
from dcctl.text import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


@cache
def newest() -> str:
    """The revision that this version of dcctl writes."""
    return max(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def revision(connection: Connection) -> str:
    """The revision that the database has; empty when it has none.

    Raises:
        JournalError: the database was made by something else.
    """
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise JournalError(
                N_("the database is no journal: it has tables of something else"),
                hint=N_("give the journal a file of its own in dcctl.yml"),
            )
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def require_not_newer(found: str) -> None:
    """Refuse a journal that a later dcctl wrote.

    Raises:
        JournalError: it did.
    """
    if found > newest():
        raise JournalError(
            N_("the journal has schema {found}, and this dcctl knows no later one than {known}"),
            hint=N_("use the dcctl that wrote it, or a later one"),
            found=found,
            known=newest(),
        )


def upgrade(connection: Connection) -> None:
    """Go to the newest revision; the transaction of `connection` must hold the write lock."""
    found = revision(connection)
    require_not_newer(found)
    if found == newest():
        return  # another process was first
    if found:
        migrate(connection)
    else:
        _make(connection)


def _make(connection: Connection) -> None:
    """An empty database gets the tables as they are now; a test holds that to `migrate`."""
    METADATA.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    query = text("INSERT INTO alembic_version (version_num) VALUES (:newest)")
    connection.execute(query, {"newest": newest()})


def migrate(connection: Connection) -> None:
    """Go from whatever revision there is to the newest, one after the other."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
