"""Services that speak TLS to others: how old a version they take, and what proves who they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsService:
    """One listener. `old_version` is the newest before TLS 1.2 that it takes; empty: none."""

    address: str  # as it listens
    port: int
    process: str = ""
    old_version: str = ""  # SSL 3.0, TLS 1.0, TLS 1.1
    days_left: int | None = None  # of its certificate; None: none could be read
    key: str = ""  # rsa, dsa, ec, ed25519, ed448; empty: another, or none could be read
    key_bits: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsServices:
    """All of them; `unasked` listeners were too many to be asked."""

    items: tuple[TlsService, ...] = ()
    unasked: int = 0


FACT = TlsServices
