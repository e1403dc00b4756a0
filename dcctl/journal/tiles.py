"""The hashes of the evidence log, 256 of a level in a row: appended to, and read as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from dcctl.errors import JournalError
from dcctl.journal.schema import tiles
from dcctl.model.merkle import EMPTY, node_hash
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_BITS = 8  # levels of the tree in a tile
WIDTH = 1 << _BITS
_HASH = 32
_CACHED = 128  # tiles that a reader keeps


def size(connection: Connection) -> int:
    """How many leaves there are."""
    bottom = tiles.c.level == 0
    last = connection.execute(select(func.max(tiles.c.number)).where(bottom)).scalar()
    if last is None:
        return 0
    return int(last) * WIDTH + len(_content(connection, 0, last)) // _HASH


def append(connection: Connection, count: int, hashes: Sequence[bytes]) -> None:
    """Add the hashes of further leaves to a log that has `count`."""
    level, new = 0, list(hashes)
    while new:
        first, inside = divmod(count, WIDTH)
        known = _content(connection, level, first) if inside else b""
        entries = [known[n : n + _HASH] for n in range(0, len(known), _HASH)] + new
        if inside:
            same = (tiles.c.level == level) & (tiles.c.number == first)
            connection.execute(delete(tiles).where(same))
        parts = [entries[n : n + WIDTH] for n in range(0, len(entries), WIDTH)]
        rows = [
            {"level": level, "number": first + n, "content": b"".join(part)}
            for n, part in enumerate(parts)
        ]
        connection.execute(insert(tiles), rows)
        new = [folded(part) for part in parts if len(part) == WIDTH]
        level, count = level + 1, count >> _BITS


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
    return hashes[0]


class TileReader:
    """The tree's nodes (`merkle.Node`), out of the tiles; keeps the last ones that it read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cache: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, number: int) -> bytes:
        """The hash of a complete subtree.

        Raises:
            JournalError: it is not there.
        """
        height, rest = divmod(level, _BITS)
        first = number << rest
        tile, inside = divmod(first, WIDTH)
        content = self._tile(height, tile)[inside * _HASH : (inside + (1 << rest)) * _HASH]
        if len(content) != _HASH << rest:
            raise JournalError(
                N_("the evidence log has no hash {number} at level {level}"),
                hint=N_("see dcctl journal verify"),
                number=number,
                level=level,
            )
        return folded([content[n : n + _HASH] for n in range(0, len(content), _HASH)])

    def _tile(self, level: int, number: int) -> bytes:
        key = (level, number)
        if key not in self._cache:
            if len(self._cache) >= _CACHED:
                del self._cache[next(iter(self._cache))]
            self._cache[key] = _content(self._connection, level, number)
        return self._cache[key]


def _content(connection: Connection, level: int, number: int) -> bytes:
    same = (tiles.c.level == level) & (tiles.c.number == number)
    return bytes(connection.execute(select(tiles.c.content).where(same)).scalar() or b"")


class Rising:
    """A tree that grows by one leaf after the other: only what its root needs is kept."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # of complete subtrees, the largest first

    def add(self, leaf: bytes) -> None:
        """Take in the hash of the next leaf."""
        self._peaks.append(leaf)
        self.size += 1
        rest = self.size
        while not rest & 1:
            right = self._peaks.pop()
            self._peaks[-1] = node_hash(self._peaks[-1], right)
            rest >>= 1

    @property
    def root(self) -> bytes:
        """The hash over all leaves so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found
