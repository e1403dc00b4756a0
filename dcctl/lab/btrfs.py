"""Telling the kernel which disks hold btrfs, as a real server's device manager does at boot."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCAN_DEVICE = 0x50009404  # BTRFS_IOC_SCAN_DEV: _IOW(0x94, 4, struct btrfs_ioctl_vol_args)
_ARGUMENT_SIZE = 4096  # __s64 fd, char name[4088]
_MAGIC = b"_BHRfS_M"
_MAGIC_OFFSET = 65536 + 64


def holds_btrfs(path: str) -> bool:
    """Whether the disk or file at `path` begins with a btrfs superblock."""
    with open(path, "rb") as disk:  # noqa: PTH123 - a device node
        disk.seek(_MAGIC_OFFSET)
        return disk.read(len(_MAGIC)) == _MAGIC


def announce(disks: Iterable[str]) -> None:
    """Register those of `disks` that hold btrfs: a volume is then found by any one of its disks."""
    found = [disk for disk in disks if holds_btrfs(disk)]
    if not found:
        return
    control = os.open("/dev/btrfs-control", os.O_RDWR | os.O_CLOEXEC)
    try:
        for disk in found:
            name = os.fsencode(disk)
            argument = bytearray(bytes(8) + name).ljust(_ARGUMENT_SIZE, b"\0")
            fcntl.ioctl(control, _SCAN_DEVICE, argument)
    finally:
        os.close(control)
