"""What was redacted can be proven later: a salted commitment for each piece that was taken out.

The commitment, SHA-256 over a salt and the piece, stands in the event that tells of the evidence,
and so in the evidence log. It shows nothing by itself. Who knows the secret gives it away together
with its salt, and everybody can see that it is what stood there. Salts come from a key beside the
journal: without it nobody can try out likely passwords.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets as tokens
from contextlib import suppress
from typing import TYPE_CHECKING

from dcctl import secrets
from dcctl.errors import JournalError
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path

KEY = "redaction.key"
_BYTES = 32
# As UTF-8, as Latin-1 (an answer that is no text), and inside JSON in ASCII.
_MARKS = (
    secrets.REDACTED.encode(),
    secrets.REDACTED.encode("latin-1"),
    json.dumps(secrets.REDACTED)[1:-1].encode(),
)


def commitments(key_file: Path, run: str, digest: str, original: bytes, kept: bytes) -> list[str]:
    """One for each redaction of `kept`, in order; none for what came redacted already.

    Empty where nothing was redacted, or nobody can tell any more what stood where.

    Raises:
        JournalError: the key can't be made or read.
    """
    pieces = hidden(original, kept)
    if all(not piece for piece in pieces):
        return []
    key = _key(key_file)
    return [
        commitment(salt_of(key, run, digest, number), piece) if piece else ""
        for number, piece in enumerate(pieces)
    ]


def commitment(salt: bytes, piece: bytes) -> str:
    """What stands in the log for a piece that was taken out."""
    return hashlib.sha256(salt + piece).hexdigest()


def salt(key_file: Path, run: str, digest: str, number: int) -> bytes:
    """What has to be told, with the piece itself, to prove a redaction.

    Raises:
        JournalError: the key is not there.
    """
    if not key_file.exists():
        raise _cannot(key_file, "it is not there")
    return salt_of(_key(key_file), run, digest, number)


def salt_of(key: bytes, run: str, digest: str, number: int) -> bytes:
    """The salt of one redaction: another one for each run, answer and place."""
    return hmac.new(key, f"{run}:{digest}:{number}".encode(), hashlib.sha256).digest()


def hidden(original: bytes, kept: bytes) -> list[bytes]:
    """What stood in place of each mark of `kept`; nothing where it came with the mark."""
    mark = next((one for one in _MARKS if one in kept), None)
    if mark is None or original == kept:
        return []
    first, *rest = kept.split(mark)
    if not original.startswith(first):
        return []
    found, position = [], len(first)
    for number, after in enumerate(rest, 1):
        if number == len(rest):
            end = len(original) - len(after)
            if end <= position or not original.endswith(after):
                return []
        else:
            end = original.find(after, position + 1)
            if end < 0:
                return []
        piece = original[position:end]
        found.append(b"" if piece == mark else piece)
        position = end + len(after)
    return found


def _key(path: Path) -> bytes:
    """The key; made where there is none, by one process of many."""
    try:
        if not path.exists():
            part = path.with_name(f".{path.name}.{tokens.token_hex(8)}")
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(tokens.token_bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(part, path)
            part.unlink()
        key = path.read_bytes()
    except OSError as error:
        raise _cannot(path, error.strerror or str(error)) from error
    if len(key) != _BYTES:
        raise _cannot(path, f"{len(key)} bytes")
    return key


def _cannot(path: Path, why: str) -> JournalError:
    return JournalError(
        N_("{path}: the key of the redactions can't be used: {why}"),
        hint=N_("without it no redaction made with it can be proven; bring it back from a copy"),
        path=str(path),
        why=why,
    )
