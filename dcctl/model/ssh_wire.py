"""SSH's own encoding of keys and signatures (RFC 4251, section 5), as far as it is read here."""

from __future__ import annotations

import base64
import hashlib
import struct


def strings(blob: bytes, start: int = 0) -> list[bytes]:
    """The strings that `blob` is made of from `start` to its end.

    Raises:
        ValueError: it ends in the middle of one.
    """
    found, position = [], start
    while position < len(blob):
        if len(blob) - position < 4:  # noqa: PLR2004 - a length is a uint32
            raise ValueError(position)
        (length,) = struct.unpack_from(">I", blob, position)
        part = blob[position + 4 : position + 4 + length]
        if len(part) != length:
            raise ValueError(position)
        found.append(part)
        position += 4 + length
    return found


def fingerprint(blob: bytes) -> str:
    """`SHA256:…`, as ssh-keygen shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
