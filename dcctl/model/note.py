"""C2SP signed notes, checkpoints and cosignatures as text; who signs and verifies is elsewhere.

c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature (version 1).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum

_MARK = "— "
_LARGEST = 100_000  # characters of a note
_ID, _KEY = 4, 32  # bytes
_SIZE_DIGITS = 19


class NotANote(ValueError):
    """The text is no signed note, checkpoint or key; for callers that know where it came from."""


class SignatureType(IntEnum):
    """The first byte of a key: what its signatures are over. Written in keys and in key ids."""

    LOG = 0x01  # the note's text
    COSIGNATURE = 0x04  # a time and the note's text


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and type."""

    name: str
    type: SignatureType
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that a signature line names it by."""
        return key_id(self.name, self.type, self.public)

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """`NAME+ID+BASE64`.

        Raises:
            NotANote: it is none, of an unknown type, or its id is not its own.
        """
        name, _, rest = text.partition("+")
        _id, _, material = rest.partition("+")
        data = decoded(material)
        try:
            kind = SignatureType(data[0])
        except (IndexError, ValueError) as error:
            raise NotANote(text) from error
        key = cls(name, kind, data[1:])
        if not good_name(name) or len(key.public) != _KEY or str(key) != text:
            raise NotANote(text)
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note."""

    name: str
    id: bytes
    content: bytes

    def __str__(self) -> str:
        return f"{_MARK}{self.name} {base64.b64encode(self.id + self.content).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who signed it; nothing of it is verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, content: str) -> Note:
        """Take a note apart.

        Raises:
            NotANote: it is none.
        """
        text, blank, lines = content.rpartition("\n\n")
        if not blank or not lines.endswith("\n") or len(content) > _LARGEST or not text.strip():
            raise NotANote(content[:80])
        if any(char < " " and char != "\n" for char in content):
            raise NotANote(content[:80])
        return cls(text + "\n", signatures(lines))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: how many leaves it has, and the hash over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The head that a note's text tells.

        Raises:
            NotANote: it tells of none, or more than dcctl writes.
        """
        lines = text.split("\n")
        if len(lines) != 4 or not lines[1].isascii() or not lines[1].isdecimal():  # noqa: PLR2004 - three lines and their end
            raise NotANote(text[:80])
        if len(lines[1]) > _SIZE_DIGITS:
            raise NotANote(text[:80])
        found = cls(lines[0], int(lines[1]), decoded(lines[2]))
        if found.text != text or not good_name(found.origin) or len(found.root) != _KEY:
            raise NotANote(text[:80])
        return found


def signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines.

    Raises:
        NotANote: a line is none.
    """
    found = []
    for line in lines.splitlines(keepends=True):
        name, _, material = line.removeprefix(_MARK).removesuffix("\n").partition(" ")
        data = decoded(material)
        one = Signature(name, data[:_ID], data[_ID:])
        if not good_name(name) or not one.content or str(one) != line:
            raise NotANote(line[:80])
        found.append(one)
    if not found:
        raise NotANote(lines[:80])
    return tuple(found)


def cosigned(text: str, seconds: int) -> bytes:
    """What a witness signs of a checkpoint's text, at a time."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def stamped(seconds: int, signature: bytes) -> bytes:
    """A cosignature with its time, as a signature line holds it."""
    return struct.pack(">Q", seconds) + signature


def unstamped(content: bytes) -> tuple[int, bytes]:
    """The time and the signature inside a cosignature.

    Raises:
        NotANote: it is none.
    """
    if len(content) != 8 + 64:
        raise NotANote(content.hex()[:80])
    seconds: int = struct.unpack(">Q", content[:8])[0]
    return seconds, content[8:]


def key_id(name: str, kind: SignatureType, public: bytes) -> bytes:
    """How signature lines name a key (c2sp.org/signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID]


def good_name(name: str) -> bool:
    """Whether a key may be called so: something, without blanks, controls and plus signs."""
    return bool(name) and name.isprintable() and "+" not in name and not any(map(str.isspace, name))


def decoded(text: str) -> bytes:
    """Base64 as it must be written: no other text gives the same bytes.

    Raises:
        NotANote: it is not.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotANote(text[:80]) from error
    if base64.b64encode(data).decode() != text:
        raise NotANote(text[:80])
    return data
