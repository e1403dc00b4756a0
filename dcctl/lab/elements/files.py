"""SFTP and SCP to an element: its file systems, as a server at its SSH port shows them."""

from __future__ import annotations

import asyncio
import errno
import os
import posixpath
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncssh

from dcctl.errors import NotFound
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.software import File, Store, with_store

_FULL = "No space left on device"
_BLOCK = 4096


@dataclass(eq=False)
class _Handle:
    """One open file; what is written becomes a file of the element when it is closed."""

    path: str
    content: bytearray = field(default_factory=bytearray)
    changed: bool = False

    def seek(self, offset: int, whence: int) -> int:
        """Where data and holes are, which asyncssh asks of any file: it is one piece."""
        if whence == os.SEEK_HOLE:
            return len(self.content)
        if offset >= len(self.content):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
        return offset


class Files(asyncssh.SFTPServer):
    """One SFTP or SCP session."""

    def __init__(
        self, channel: asyncssh.SSHServerChannel[bytes], network: Network, name: str
    ) -> None:
        super().__init__(channel)
        self._network, self._name = network, name

    def _place(self, path: bytes) -> tuple[Store, str]:
        network, text = self._network, path.decode("utf-8", "replace")
        element = network.elements[self._name]
        found = network.system(self._name).place(element, text)
        if found is None or not network.alive(self._name):
            raise asyncssh.SFTPNoSuchFile(f"{text}: No such file or directory")
        return found

    def _file(self, path: bytes) -> File:
        store, name = self._place(path)
        file = store.files.get(name)
        if file is None:
            raise asyncssh.SFTPNoSuchFile(f"{path.decode()}: No such file or directory")
        return file

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """Open a file; a new one appears when it is closed."""
        del attrs
        if self._network.faults_of(self._name).hang:
            await asyncio.Event().wait()
        store, name = self._place(path)
        held = store.files.get(name)
        handle = _Handle(path.decode("utf-8", "replace"))
        if held is None and not pflags & asyncssh.FXF_CREAT:
            raise asyncssh.SFTPNoSuchFile(f"{handle.path}: No such file or directory")
        if held and not pflags & asyncssh.FXF_TRUNC:
            handle.content[:] = held.content
        handle.changed = bool(pflags & asyncssh.FXF_WRITE)
        return handle

    async def close(self, file_obj: object) -> None:
        """Close it; also called when the connection is lost, so that a transfer can go on."""
        handle = _handle(file_obj)
        if handle.changed:
            handle.changed = False
            try:
                kept = self._network.put(self._name, handle.path, bytes(handle.content))
            except NotFound as error:
                raise asyncssh.SFTPNoSuchFile(handle.path) from error
            if not kept:
                raise asyncssh.SFTPFailure(_FULL)

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        """Some bytes."""
        return bytes(_handle(file_obj).content[offset : offset + size])

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        """Bytes at an offset, as far as the file system has room."""
        handle = _handle(file_obj)
        store, name = self._place(handle.path.encode())
        end = max(offset + len(data), len(handle.content))
        if self._network.faults_of(self._name).flash_full or not store.takes(name, end):
            raise asyncssh.SFTPFailure(_FULL)
        if offset > len(handle.content):
            handle.content.extend(bytes(offset - len(handle.content)))
        handle.content[offset : offset + len(data)] = data
        return len(data)

    async def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        """What a file or folder is."""
        store, name = self._place(path)
        file = store.files.get(name)
        if file:
            return _attributes(file.size, file.time)
        if name and not any(one.startswith(f"{name}/") for one in store.files):
            raise asyncssh.SFTPNoSuchFile(f"{path.decode()}: No such file or directory")
        return _folder()

    lstat = stat

    async def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        """What an open file is."""
        return _attributes(len(_handle(file_obj).content), self._network.now)

    async def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Times and permissions are not kept."""

    async def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        """Nor of an open file, but its length is."""
        if attrs.size is not None:
            del _handle(file_obj).content[attrs.size :]

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        """What lies in a folder."""
        store, name = self._place(path)
        above = f"{name}/" if name else ""
        seen = set()
        for one, file in sorted(store.files.items()):
            if not one.startswith(above):
                continue
            first, deeper, _ = one.removeprefix(above).partition("/")
            if first not in seen:
                seen.add(first)
                attributes = _folder() if deeper else _attributes(file.size, file.time)
                yield asyncssh.SFTPName(first.encode(), attrs=attributes)

    async def remove(self, path: bytes) -> None:
        """Delete a file."""
        store, name = self._place(path)
        self._file(path)
        element = with_store(self._network.elements[self._name], store.without(name))
        self._network.settle(self._name, element, (), 0)

    async def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Folders come with their files."""

    def realpath(self, path: bytes) -> bytes:
        """The same path, tidied."""
        return posixpath.normpath(b"/" + path.lstrip(b"/"))

    async def statvfs(self, path: bytes) -> asyncssh.SFTPVFSAttrs:
        """How much room there is."""
        store, _ = self._place(path)
        free = 0 if self._network.faults_of(self._name).flash_full else store.free
        return asyncssh.SFTPVFSAttrs(
            bsize=_BLOCK,
            frsize=_BLOCK,
            blocks=store.size // _BLOCK,
            bfree=free // _BLOCK,
            bavail=free // _BLOCK,
        )


def _handle(file_obj: object) -> _Handle:
    if not isinstance(file_obj, _Handle):
        raise asyncssh.SFTPFailure("Invalid handle")
    return file_obj


def _attributes(size: int, time: float) -> asyncssh.SFTPAttrs:
    return asyncssh.SFTPAttrs(
        type=asyncssh.FILEXFER_TYPE_REGULAR,
        size=size,
        permissions=stat.S_IFREG | 0o644,
        atime=int(time),
        mtime=int(time),
    )


def _folder() -> asyncssh.SFTPAttrs:
    return asyncssh.SFTPAttrs(
        type=asyncssh.FILEXFER_TYPE_DIRECTORY, size=0, permissions=stat.S_IFDIR | 0o755
    )
