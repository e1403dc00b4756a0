"""A ZIP file that is the same bytes for the same content, and says itself whether it is whole.

`verify_evidence.py` reads it, and shares no code with this.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from dcctl.errors import DcctlError, InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

SUMS = "SHA256SUMS"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP file can hold
_LEVEL = 6
_PIECE = 1 << 20
_DIGITS = 64  # of a SHA-256, in hexadecimal


class Bundle:
    """A bundle while it is written: one file after the other, none of them kept in memory."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._sums: dict[str, str] = {}
        self.seal = ""  # SHA-256 of the list of sums: what stands for the whole

    def add(self, name: str, content: bytes | str) -> None:
        """Add a file; a name can be added once."""
        data = content.encode() if isinstance(content, str) else content
        assert name not in self._sums, name  # noqa: S101 - names are ours
        self._write(name, data)
        self._sums[name] = hashlib.sha256(data).hexdigest()

    def add_json(self, name: str, data: Any) -> None:
        """Add plain data, as a person can read it."""
        text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)
        self.add(name, text + "\n")

    def _write(self, name: str, data: bytes) -> None:
        info = zipfile.ZipInfo(name, _WHEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3  # Unix, wherever it is made
        info.external_attr = 0o644 << 16
        self._archive.writestr(info, data, compresslevel=_LEVEL)

    def end(self) -> None:
        """Write the sums, in the form that `sha256sum -c` reads."""
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items()))
        self._write(SUMS, listed.encode())
        self.seal = hashlib.sha256(listed.encode()).hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Bundle]:
    """A bundle that is at `path` whole, or not at all.

    Raises:
        InvalidInput: it can't be written there.
    """
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".dcctl-") as folder:
            fresh = Path(folder) / path.name
            with zipfile.ZipFile(fresh, "x", allowZip64=True) as archive:
                bundle = Bundle(archive)
                yield bundle
                if not bundle.seal:
                    bundle.end()
                archive.comment = b"0" * _DIGITS
            _close(fresh)
            fresh.replace(path)
    except OSError as error:
        if isinstance(error, DcctlError):
            raise
        raise InvalidInput(
            N_("{path} can't be written: {reason}"), path=str(path), reason=error.strerror
        ) from error


def _close(path: Path) -> None:
    """Let the archive's comment be the digest of all before it: then every byte counts."""
    digest = hashlib.sha256()
    with path.open("r+b") as file:
        left = path.stat().st_size - _DIGITS
        while left:
            piece = file.read(min(left, _PIECE))
            digest.update(piece)
            left -= len(piece)
        file.seek(-_DIGITS, 2)
        file.write(digest.hexdigest().encode())


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A bundle to read.

    Raises:
        InvalidInput: it is no ZIP file, or a damaged one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise InvalidInput(
            N_("{path} can't be read: {reason}"), path=str(path), reason=str(error)[:200]
        ) from error


def seal_of(archive: zipfile.ZipFile) -> str:
    """What stands for the whole bundle; empty where it has no sums."""
    return digest_of(archive, SUMS) if SUMS in archive.namelist() else ""


def digest_of(archive: zipfile.ZipFile, name: str) -> str:
    """SHA-256 of a file, read in pieces; of nothing where its own checksum is wrong."""
    digest = hashlib.sha256()
    try:
        stream: IO[bytes]
        with archive.open(name) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError):
        return ""
    return digest.hexdigest()
