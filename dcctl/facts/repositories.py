"""Where a server takes its software from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """One enabled source; `host` is empty for one on the server itself. Never a password."""

    host: str
    signed: bool  # its signatures are checked
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repositories:
    """All of them; `unsigned_allowed`: the package manager is told to do without signatures."""

    items: tuple[Repository, ...]
    unsigned_allowed: bool = False


FACT = Repositories
