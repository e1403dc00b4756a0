"""SSH packets out of a socket that is read in large pieces, by whoever waits for them."""

from __future__ import annotations

import select
import threading
from typing import TYPE_CHECKING, Any

from paramiko.packet import Packetizer

from dcctl import clock

if TYPE_CHECKING:
    import socket

_CHUNK = 65536
REST_OF_PACKET_S = 10.0  # in which a packet that has begun must be there

# One thread computes at a time anyway (the interpreter's lock), but that lock is fought over at
# each call of the system; this one is given away only where somebody really waits.
COMPUTING = threading.Lock()


class Packets(Packetizer):
    """Takes what the socket has in one read, and packets out of that."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        sock.settimeout(0)
        self._sock, self._held = sock, bytearray()
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self.deadline = 0.0

    def start_handshake(self, timeout: float) -> None:
        """Nothing: paramiko starts a timer's thread here; whoever waits has a deadline."""

    def there(self) -> bool:
        """Whether a packet has begun to come; never waits."""
        return bool(self._held) or self._fill()

    def await_some(self) -> None:
        """Wait for bytes until the deadline; raises TimeoutError, EOFError."""
        while not self._held and not self._fill():
            self._wait()

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:  # noqa: FBT001, FBT002 - paramiko's
        """The next `n` bytes; raises TimeoutError, EOFError."""
        del check_rekey  # the transport looks between packets
        while len(self._held) < n:
            if not self._fill():
                self._wait()
        found = bytes(self._held[:n])
        del self._held[:n]
        return found

    def readline(self, timeout: float) -> str:
        """A line of the greeting."""
        del timeout
        while b"\n" not in self._held:
            if not self._fill():
                self._wait()
        line, _, self._held = self._held.partition(b"\n")
        return line.decode("utf-8", "replace").removesuffix("\r")

    def write_all(self, out: Any) -> None:
        """Send all of it; raises EOFError."""
        while out:
            try:
                out = out[self._sock.send(out) :]
            except BlockingIOError:
                select.select([], [self._sock], [], REST_OF_PACKET_S)
            except OSError as error:
                raise EOFError from error

    def _fill(self) -> bool:
        try:
            data = self._sock.recv(_CHUNK)
        except BlockingIOError:
            return False
        if not data:
            raise EOFError
        self._held += data
        return True

    def _wait(self) -> None:
        left = self.deadline - clock.monotonic()
        COMPUTING.release()
        try:
            came = left > 0 and self._poll.poll(left * 1000)
        finally:
            COMPUTING.acquire()
        if not came:
            raise TimeoutError("timed out")
