"""What lies under mounted file systems: whether anything on the way to the disk encrypts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """One mount of a block device (`[SWAP]` too); `device` is what is mounted."""

    mount: str
    device: str
    encrypted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDevices:
    """All of them."""

    items: tuple[Mounted, ...]


FACT = BlockDevices
