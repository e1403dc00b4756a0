"""What leads to elements besides their own SSH: console servers and jump hosts, of the lab alone.

A console server has one listener a line. A jump host forwards to loopback, and does nothing else.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

import asyncssh

from dcctl.lab.elements import keys
from dcctl.lab.elements.line import Line

CONSOLE, JUMP = ".console", ".jump"  # behind the name of a target or of a jump host
_BACKLOG = 128


class Doorways:
    """All of a lab's; `accounts` may log in, and `admits` are the elements' own users."""

    def __init__(
        self, line_of: Callable[[str], Line], seed: bytes, accounts: Mapping[str, str]
    ) -> None:
        self._line_of, self._seed, self.accounts = line_of, seed, accounts
        self._lines: dict[str, Line] = {}
        self._sockets: list[socket.socket] = []
        self._calls: set[asyncio.Task[None]] = set()

    def listen(self, place: str, sock: socket.socket) -> None:
        """Answer as `place`, a name with its suffix, at a socket that already is bound."""
        self._sockets.append(sock)
        sock.listen(_BACKLOG)
        asyncio.get_running_loop().add_reader(sock.fileno(), self._accept, place, sock)

    def close(self) -> None:
        """Stop listening."""
        for sock in self._sockets:
            asyncio.get_running_loop().remove_reader(sock.fileno())
            sock.close()

    def _accept(self, place: str, sock: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = sock.accept()
            connection.setblocking(False)  # noqa: FBT003 - the standard library's
            task = asyncio.get_running_loop().create_task(self._serve(place, connection))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _serve(self, place: str, sock: socket.socket) -> None:
        key = asyncssh.import_private_key(keys.private_pem(self._seed, place))
        line = None
        if place.endswith(CONSOLE):
            name = place.removesuffix(CONSOLE)
            line = self._lines.setdefault(name, self._line_of(name))
        with suppress(OSError, asyncssh.Error):
            await asyncssh.run_server(
                sock,
                config=None,
                server_factory=lambda: _Server(self.accounts, line),
                server_host_keys=[key],
                encoding=None,
                line_editor=False,
                allow_scp=False,
                keepalive_interval=0,
            )


class _Server(asyncssh.SSHServer):
    """One connection."""

    def __init__(self, accounts: Mapping[str, str], line: Line | None) -> None:
        self._accounts, self._line = accounts, line

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = self._accounts.get(username.partition(":")[0])
        return known is not None and hmac.compare_digest(known, password)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes] | bool:
        return _Screen(self._line) if self._line else False

    def connection_requested(
        self,
        dest_host: str,
        dest_port: int,  # noqa: ARG002 - asyncssh's signature
        orig_host: str,  # noqa: ARG002
        orig_port: int,  # noqa: ARG002
    ) -> bool:
        try:
            return self._line is None and ipaddress.ip_address(dest_host).is_loopback
        except ValueError:
            return False


def _nobody(_text: str) -> None:
    pass


class _Screen(asyncssh.SSHServerSession[bytes]):
    """Somebody at a line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._write: Callable[[str], None] = _nobody

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._write = lambda text: chan.write(text.encode("utf-8", "replace"))
        self._line.write = self._write

    def pty_requested(self, *_given: object) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002
        for key in data.decode("utf-8", "replace"):
            self._line.type(key)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._line.write is self._write:  # or somebody else is there already
            self._line.write = _nobody
