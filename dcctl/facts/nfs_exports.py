"""What a server shares over NFS, and with whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NfsExport:
    """One folder to one client; `*` is everybody."""

    path: str
    client: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NfsExports:
    """All of them."""

    items: tuple[NfsExport, ...]


FACT = NfsExports
