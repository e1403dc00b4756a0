"""Mounted file systems and how full they are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Filesystem:
    """One mount of a real file system; sizes are None where asking could hang (network mounts)."""

    mount: str
    device: str
    kind: str  # ext4, xfs, btrfs ...
    size_bytes: int | None = None
    used_bytes: int | None = None
    available_bytes: int | None = None  # to unprivileged users
    inodes: int | None = None  # None: the file system has no fixed number
    inodes_used: int | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disks:
    """All of them."""

    filesystems: tuple[Filesystem, ...]


FACT = Disks
