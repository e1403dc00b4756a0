"""A time server that is wrong on purpose (RFC 5905, section 7.3).

A host of the lab can't have a clock of its own, so its time server lies to it instead.
"""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING, cast

from dcctl import clock

if TYPE_CHECKING:
    import socket

_SINCE_1900 = 2_208_988_800  # seconds from the era of NTP to that of Unix
_REQUEST_SIZE = 48
_SERVER_MODE = 0x24  # no leap second, version 4, server


class Liar(asyncio.DatagramProtocol):
    """Answers with a time that is `offset` seconds ahead of the truth."""

    offset = 0.0
    port = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer from."""
        self.transport = cast("asyncio.DatagramTransport", transport)
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a client's question."""
        if len(data) >= _REQUEST_SIZE:
            now = _stamp(clock.now().timestamp() + self.offset)
            head = struct.pack(">BBbbII4s", _SERVER_MODE, 1, data[2], -20, 0, 0, b"LIAR")
            self.transport.sendto(head + now + data[40:48] + now + now, addr)


def _stamp(seconds: float) -> bytes:
    return struct.pack(">Q", int((seconds + _SINCE_1900) * (1 << 32)))


async def serve(door: socket.socket) -> Liar:
    """Answer at `door`, a bound socket, until the loop ends."""
    door.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    loop = asyncio.get_running_loop()
    _, liar = await loop.create_datagram_endpoint(Liar, sock=door)
    return liar
