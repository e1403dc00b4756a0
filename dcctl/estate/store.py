"""The merged estate as one block of bytes: what a cold load makes and what targets are made from.

A header (JSON) names the sections; each is JSON too and is decoded only when it is asked for, so
that a selection on 14,000 hosts decodes the names and groups and no variables at all.
"""

from __future__ import annotations

import json
import struct
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAGIC = b"DCCTL-ESTATE-1\n"
_LENGTHS = struct.Struct("<IQ")  # CRC-32 of all that follows it, length of the header


class Damaged(ValueError):
    """The bytes are not what was written."""


def pack(
    sections: Mapping[str, Any], lists: Mapping[str, Sequence[Any]], meta: Mapping[str, Any]
) -> bytes:
    """One block. Each of `lists` is stored so that its items can be read one by one."""
    parts: list[bytes] = []
    position = 0
    where: dict[str, list[int]] = {}
    items: dict[str, list[int]] = {}

    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

    def put(data: Any) -> list[int]:
        nonlocal position
        encoded = encode(data).encode()
        parts.append(encoded)
        start, position = position, position + len(encoded)
        return [start, len(encoded)]

    for name, rows in lists.items():
        items[name] = [position, *(sum(put(row)) for row in rows)]  # start + length = end
    for name, data in sections.items():
        where[name] = put(data)
    for name, ends in items.items():
        where[f"{name}/ends"] = put(ends)
    return _block({"meta": meta, "where": where}, parts)


def _block(header: Mapping[str, Any], parts: Sequence[bytes | memoryview]) -> bytes:
    encoded = json.dumps(header, separators=(",", ":")).encode()
    rest = b"".join((len(encoded).to_bytes(8, "little"), encoded, *parts))
    return b"".join((MAGIC, zlib.crc32(rest).to_bytes(4, "little"), rest))


class Store:
    """Reads what `pack` wrote.

    Raises:
        Damaged: it is something else, cut off, or changed.
    """

    def __init__(self, data: bytes) -> None:
        start = len(MAGIC)
        if data[:start] != MAGIC or len(data) < start + _LENGTHS.size:
            raise Damaged
        crc, length = _LENGTHS.unpack_from(data, start)
        self._data = memoryview(data)
        if zlib.crc32(self._data[start + 4 :]) != crc:
            raise Damaged
        start += _LENGTHS.size
        self._body = start + length
        header = json.loads(bytes(self._data[start : self._body]))
        self.meta: Mapping[str, Any] = header["meta"]
        self._where: Mapping[str, tuple[int, int]] = header["where"]

    def section(self, name: str) -> Any:
        """The whole section, decoded anew."""
        start, length = self._where[name]
        return self._decode(start, start + length)

    def item(self, name: str, index: int) -> Any:
        """One item of a list, decoded anew."""
        ends = self._ends[name]
        return self._decode(ends[index], ends[index + 1])

    def with_meta(self, meta: Mapping[str, Any]) -> bytes:
        """The same block with other `meta`."""
        return _block({"meta": meta, "where": self._where}, [self._data[self._body :]])

    def _decode(self, start: int, end: int) -> Any:
        return json.loads(bytes(self._data[self._body + start : self._body + end]))

    @cached_property
    def _ends(self) -> Mapping[str, Sequence[int]]:
        suffix = "/ends"
        return {
            name.removesuffix(suffix): self.section(name)
            for name in self._where
            if name.endswith(suffix)
        }
