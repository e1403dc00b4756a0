"""Serving the package mirror inside the lab: as much of HTTP/1.1 as apt speaks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    import socket
    from pathlib import Path


class Mirror:
    """Gives out the files of one flat folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def listen(self, door: socket.socket) -> None:
        """Serve at `door`, a bound socket, until the loop ends."""
        await asyncio.start_server(self._serve, sock=door)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, _, rest = head.partition(" ")
                await self._answer(writer, method, rest.split(" ", 1)[0])
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, method: str, path: str) -> None:
        """One answer; no name with a slash is in a flat folder, so nothing else is reached."""
        name = unquote(path).removeprefix("/").removeprefix("./")
        file = self.folder / name
        found = "/" not in name and name not in {"", "..", "."} and file.is_file()
        status = "200 OK" if found else "404 Not Found"
        size = file.stat().st_size if found else 0
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode("latin-1"))
        await writer.drain()
        if found and method == "GET" and size:
            with file.open("rb") as content:
                await asyncio.get_running_loop().sendfile(writer.transport, content)
