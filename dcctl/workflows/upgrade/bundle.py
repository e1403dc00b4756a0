"""A ZIP file that is the same bytes for the same content, and says itself whether it is whole."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

SUMS = "SHA256SUMS"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP file can hold
_LEVEL = 6
_PIECE = 1 << 20
_LARGEST_SUMS = 256 << 20


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
                bundle.end()
            fresh.replace(path)
    except OSError as error:
        raise InvalidInput(
            N_("{path} can't be written: {reason}"), path=str(path), reason=error.strerror
        ) from error


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


def wrong(archive: zipfile.ZipFile) -> list[str]:
    """What is not as the sums say: a file that differs, is missing, is too many or there twice."""
    names = archive.namelist()
    if SUMS not in names:
        return [f"{SUMS}: missing"]
    if archive.getinfo(SUMS).file_size > _LARGEST_SUMS:
        return [f"{SUMS}: too large"]
    told: dict[str, str] = {}
    for line in archive.read(SUMS).decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        told[name] = digest
    found = [f"{name}: missing" for name in told if name not in names]
    found += [f"{name}: not in {SUMS}" for name in names if name not in told and name != SUMS]
    found += [f"{name}: there twice" for name, n in Counter(names).items() if n > 1]
    for name, digest in told.items():
        if name in names and digest_of(archive, name) != digest:
            found.append(f"{name}: not what {SUMS} says")
    return found


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
