"""A ZIP file from outside: looked at whole before anything in it is believed or unpacked.

Every byte counts: the comment of the archive is the digest of all before it, and SHA256SUMS names
every file. That tells damage and tampering by accident or by hand; who can write the whole file
anew can write the sums anew, and is told by signatures alone.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput
from dcctl.text import N_
from dcctl.workflows.evidence.bundle import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PIECE = 1 << 20
_DIGITS = 64
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may be in it: names (expressions), how many files, how many bytes unpacked."""

    names: tuple[str, ...]
    files: int
    unpacked: int
    largest: int  # bytes of one file, unpacked: so many are in memory at once


class Whole:
    """An archive that is what it says of itself."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive, self._path = archive, path
        self.names = frozenset(archive.namelist()) - {SUMS}
        self.seal = hashlib.sha256(self.read(SUMS)).hexdigest()

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file, never more of it than the archive says.

        Raises:
            InvalidInput: it can't be read.
        """
        try:
            with self._archive.open(name) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError) as error:
            raise _bad(self._path, N_("{path}: {name} in it is damaged"), name=name) from error

    def read(self, name: str) -> bytes:
        """The whole content of a file."""
        return b"".join(self.pieces(name))


@contextmanager
def opened(path: Path, rules: Rules) -> Iterator[Whole]:
    """The archive at `path`, once all of it was looked at.

    Raises:
        InvalidInput: it is no ZIP file, cut short, damaged, holds what may not be in it, or
            would unpack to more than it may.
    """
    with ExitStack() as stack:
        yield _opened(path, rules, stack)


def _opened(path: Path, rules: Rules, stack: ExitStack) -> Whole:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
        _require_entries(archive, path, rules)
        _require_every_byte(archive, path)
        found = Whole(archive, path)
        _require_sums(found, path)
        return found  # noqa: TRY300 - what is wrong with it is told below
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        reason = str(error)[:160]
        raise _bad(path, N_("{path}: it is no whole ZIP file: {reason}"), reason=reason) from error
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be read: {reason}"), path=str(path), reason=error.strerror or ""
        ) from error


def _require_entries(archive: zipfile.ZipFile, path: Path, rules: Rules) -> None:
    """Names, kinds and sizes, before a single byte is unpacked."""
    allowed = re.compile("|".join((*rules.names, re.escape(SUMS))), re.ASCII)
    entries = archive.infolist()
    if len(entries) > rules.files:
        raise _bad(path, N_("{path}: {count} files are too many"), count=len(entries))
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.filename
        if name != entry.orig_filename or ".." in name.split("/") or not allowed.fullmatch(name):
            raise _bad(path, N_("{path}: {name} has no place in it"), name=name[:120])
        if name in seen:
            raise _bad(path, N_("{path}: {name} is in it twice"), name=name)
        seen.add(name)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.is_dir():
            raise _bad(path, N_("{path}: {name} is a link or no file at all"), name=name)
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _PLAIN:
            raise _bad(path, N_("{path}: {name} is packed in a way that is not read"), name=name)
        total += entry.file_size
        if total > rules.unpacked or entry.file_size > rules.largest:
            limit = rules.unpacked if total > rules.unpacked else rules.largest
            raise _bad(path, N_("{path}: it would unpack to more than {limit} bytes"), limit=limit)
    if SUMS not in seen:
        raise _bad(path, N_("{path}: {name} is missing"), name=SUMS)


def _require_every_byte(archive: zipfile.ZipFile, path: Path) -> None:
    """The comment is the digest of all before it."""
    digest = hashlib.sha256()
    left = path.stat().st_size - len(archive.comment)
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)
    if len(archive.comment) != _DIGITS or archive.comment != digest.hexdigest().encode():
        raise _bad(path, N_("{path}: it was altered or cut short since it was written"))


def _require_sums(found: Whole, path: Path) -> None:
    """Every file is as SHA256SUMS says, and none is missing or too many."""
    lines = found.read(SUMS).decode("utf-8", "replace").splitlines()
    told = {match[2]: match[1] for line in lines if (match := _SUM.fullmatch(line))}
    if len(told) != len(lines):
        raise _bad(path, N_("{path}: {name} is damaged"), name=SUMS)
    for name in sorted(told.keys() ^ found.names):
        missing = name in told
        raise _bad(
            path,
            N_("{path}: {name} is missing") if missing else N_("{path}: {name} stands in no list"),
            name=name,
        )
    for name, wanted in told.items():
        digest = hashlib.sha256()
        for piece in found.pieces(name):
            digest.update(piece)
        if digest.hexdigest() != wanted:
            raise _bad(path, N_("{path}: {name} is not what was packed"), name=name)


def _bad(path: Path, why: str, **params: Any) -> InvalidInput:
    return InvalidInput(
        why,
        hint=N_("nothing of it was taken in; ask for it again, or make it anew"),
        path=str(path),
        **params,
    )
