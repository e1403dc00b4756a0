"""Repositories that a server keeps for others, and whether what lies in them is encrypted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupStore:
    """One repository, by its own files; None: they do not tell."""

    path: str
    tool: str = ""  # restic, borg; empty: nothing that is known
    encrypted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupStores:
    """All of them; `unread` were too many to be looked at."""

    items: tuple[BackupStore, ...] = ()
    unread: int = 0


FACT = BackupStores
