"""Spoiling a disk behind its file system's back, as silent corruption does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = 4096
# btrfs has superblocks at 64 KiB and 64 MiB: without them the disk would not be corrupted but gone.
_SPARED = ((0, 1 << 20), ((64 << 20) - (1 << 16), (64 << 20) + (1 << 16)))


def spoil(file: Path) -> int:
    """Overwrite every other used block of a sparse disk file; how many were."""
    garbage = os.urandom(BLOCK)
    count = 0
    descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    try:
        for start, end in list(_used(descriptor)):
            first = -(-start // (2 * BLOCK)) * 2 * BLOCK
            for offset in range(first, end - BLOCK + 1, 2 * BLOCK):
                if not any(low <= offset < high for low, high in _SPARED):
                    os.pwrite(descriptor, garbage, offset)
                    count += 1
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return count


def _used(descriptor: int) -> Iterator[tuple[int, int]]:
    """The stretches of a sparse file that hold data."""
    size = os.fstat(descriptor).st_size
    position = 0
    while position < size:
        try:
            start = os.lseek(descriptor, position, os.SEEK_DATA)
        except OSError:
            return  # only a hole is left
        position = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, position
