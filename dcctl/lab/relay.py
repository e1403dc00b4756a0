"""The only way into the lab from outside.

Loopback ports of this machine, carried to a host's own address inside.

A connection's inner half starts at the lab's station on the management network, so that the host's
firewall, its cables and its sshd are all in the way, as they are in the field. The relay also plays
a bad line: slow, garbled, cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dcctl.lab import network

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 65536
_CONNECT_SECONDS = 10.0
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close answers with a reset
_SSH_PORT = 22


@dataclass(slots=True)
class Line:
    """The quality of one host's line; faults change it while connections are open."""

    delay: float = 0.0  # seconds, each way
    garbage: bool = False  # noise in what the host says
    cut: bool = False  # nothing goes through, and new connections are refused


@dataclass(slots=True)
class Relay:
    """One host's door: listens at `address:port`, and connects to `inner` from `station`."""

    inner: str
    station: int  # descriptor of the namespace that connections start from
    address: str
    port: int
    line: Line = field(default_factory=Line)
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def listen(self) -> None:
        """Open the door, at the next free port where the wanted one is taken."""
        for port in range(self.port, self.port + 200):
            try:
                self._server = await asyncio.start_server(self._serve, self.address, port)
            except OSError:
                continue
            self.port = port
            return
        raise OSError(f"no free port at {self.address} from {self.port}")

    async def banner(self) -> bytes:
        """The first bytes that the host's sshd says; empty if it does not answer."""
        try:
            reader, writer = await asyncio.wait_for(self._dial(), 2.0)
        except OSError:
            return b""
        try:
            return await asyncio.wait_for(reader.read(64), 2.0)
        except OSError:
            return b""
        finally:
            writer.close()

    def cut(self, *, cut: bool) -> None:
        """Cut the line, with all that is open on it, or mend it."""
        self.line.cut = cut
        if cut:
            for writer in tuple(self._open):
                _abort(writer)

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        inner = network.socket_in(self.station)
        inner.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        try:
            await asyncio.get_running_loop().sock_connect(inner, (self.inner, _SSH_PORT))
        except BaseException:
            inner.close()
            raise
        return await asyncio.open_connection(sock=inner)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.line.cut:
            _abort(writer)
            return
        self._open.add(writer)
        try:
            inner_reader, inner_writer = await asyncio.wait_for(self._dial(), _CONNECT_SECONDS)
        except OSError:  # a TimeoutError is one too
            self._open.discard(writer)
            _abort(writer)
            return
        self._open.add(inner_writer)
        try:
            async with asyncio.TaskGroup() as group:
                self._carry(group, reader, inner_writer, lambda data: data)
                self._carry(group, inner_reader, writer, self._garble)
        except* OSError:
            _abort(writer)
        finally:
            for end in (writer, inner_writer):
                self._open.discard(end)
                end.close()

    def _garble(self, data: bytes) -> bytes:
        if not self.line.garbage:
            return data
        middle = len(data) // 2
        return data[:middle] + b"\x00\xff\x1b[2J#garbage#" + data[middle:]

    def _carry(
        self,
        group: asyncio.TaskGroup,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        change: Callable[[bytes], bytes],
    ) -> None:
        """Carry one direction; each chunk arrives `delay` after it was sent."""
        loop = asyncio.get_running_loop()
        travelling: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)

        async def collect() -> None:
            data = b"-"
            while data:
                data = await reader.read(_CHUNK)
                await travelling.put((loop.time(), data))

        async def deliver() -> None:
            while True:
                sent, data = await travelling.get()
                await asyncio.sleep(max(0.0, sent + self.line.delay - loop.time()))
                if not data:
                    break
                writer.write(change(data))
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()

        group.create_task(collect())
        group.create_task(deliver())


def _abort(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, as a line that breaks does."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
