"""The merged estate kept in `.dcctl/cache/`, and how we know that it still says what the files say.

A warm load only looks at each file's size, times and inode. Two things keep that honest. A file
that changed so shortly before it was read that the file system's clock could not tell a second
change apart is read and hashed every time (as git does with its index). And when any of these signs
differ, all contents are hashed: a `git checkout` or `touch` that changed nothing costs a hash and
no merge. The code's own version is part of the key. What we did not write ourselves, or others may
write, is ignored; so is anything damaged. Nothing in it is ever executed: it is JSON.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.estate.store import Damaged, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dcctl.estate.tree import Entry

FOLDER = Path(".dcctl/cache")
FILE = "estate.cache"
_GRAIN_NS = 2_000_000_000  # the coarsest time stamp in use (FAT); Linux' own are some milliseconds
_PRIVATE = 0o077
_UNFINISHED = "estate-"


def open_cached(root: Path, files: Mapping[str, Entry], code: str) -> Store | None:
    """The cached estate, if it is ours, whole, and of these very files."""
    data = _read_own(root / FOLDER / FILE)
    if data is None:
        return None
    try:
        store = Store(data)
        meta = store.meta
        if meta["code"] != code:
            return None
        signs = [list(entry.signature) for entry in files.values()]
        if signs != meta["signs"]:
            same = meta["content"] == hash_of(files.values())
        else:
            fresh = meta["fresh"]
            same = all(hash_of([files[shown]]) == digest for shown, digest in fresh.items())
            if not fresh:
                return store
        return _signed_again(root, store, files, code) if same else None
    except (Damaged, ValueError, KeyError, TypeError, OSError):
        return None


def _signed_again(root: Path, store: Store, files: Mapping[str, Entry], code: str) -> Store:
    clock = file_system_clock(root)
    meta = signs_of(files, code, store.meta["content"], clock)
    if clock is not None and meta != store.meta:
        _write(root, store.with_meta(meta))
    return store


def signs_of(
    files: Mapping[str, Entry], code: str, content: str, clock: int | None
) -> dict[str, Any]:
    """What a later load compares; `clock` is the file system's own time before all was read."""
    fresh = [
        entry
        for entry in files.values()
        if clock is None or max(entry.ctime_ns, entry.mtime_ns) >= clock - _GRAIN_NS
    ]
    return {
        "code": code,
        "content": content,
        "signs": [list(entry.signature) for entry in files.values()],
        "fresh": {entry.shown: hash_of([entry]) for entry in fresh},
    }


def hash_of(entries: Iterable[Entry]) -> str:
    """A digest of names, modes and contents."""
    digest = hashlib.sha256()
    for entry in entries:
        try:
            content = hashlib.sha256(entry.path.read_bytes()).digest()
        except OSError:
            content = b"unreadable"
        digest.update(f"{entry.shown}\0{entry.executable}\0".encode() + content)
    return digest.hexdigest()


def file_system_clock(root: Path) -> int | None:
    """What time it is where the files are, in nanoseconds; None where we may not write.

    The process's own clock may be another (a file server's, an accelerated one).
    """
    try:
        folder = _folder(root)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            return os.fstat(probe.fileno()).st_mtime_ns
    except OSError:
        return None


def keep(root: Path, data: bytes) -> None:
    """Write the cache; where that can't be done, the next load is simply a cold one."""
    _write(root, data)


def _folder(root: Path) -> Path:
    folder = root / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(root: Path, data: bytes) -> None:
    try:
        folder = _folder(root)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=_UNFINISHED)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(name).replace(folder / FILE)
            for left in folder.glob(f"{_UNFINISHED}*"):  # by a process that was killed
                left.unlink(missing_ok=True)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return


def _read_own(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - it is no path
            status = os.fstat(descriptor)
            ours = status.st_uid == os.geteuid() and not status.st_mode & _PRIVATE
            return file.read() if ours and stat.S_ISREG(status.st_mode) else None
    except OSError:
        return None
