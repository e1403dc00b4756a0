"""SSH to the elements: one listening socket each, SSH itself only when somebody calls."""

from __future__ import annotations

import asyncio
import errno
import hmac
import os
import random
import socket
from collections import defaultdict
from collections.abc import Mapping

import asyncssh

from dcctl import clock
from dcctl.lab.elements import keys
from dcctl.lab.elements.console import Console
from dcctl.lab.elements.network import ElementDownError, Network

_BACKLOG = 128
_NOTHING_MORE = ""  # among what was typed: the client's end of file
_GARBAGE = 24  # random bytes put into each answer


class Wire:
    """All listening sockets of a lab.

    `accounts` are users that every element lets in, as an AAA server would.
    """

    def __init__(self, network: Network, seed: bytes, accounts: Mapping[str, str]) -> None:
        self.network, self.accounts = network, accounts
        self._seed = seed
        self._sockets: dict[str, socket.socket] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._open: dict[str, set[asyncssh.SSHServerConnection]] = defaultdict(set)
        self._host_keys: dict[tuple[str, int], asyncssh.SSHKey] = {}
        self._calls: set[asyncio.Task[None]] = set()

    def listen(self, name: str, sock: socket.socket) -> None:
        """Answer at a socket that already is bound."""
        self._places[name] = sock.getsockname()
        self._sockets[name] = sock
        sock.listen(_BACKLOG)
        asyncio.get_running_loop().add_reader(sock.fileno(), self._accept, name, sock)

    def refresh(self, name: str) -> None:
        """Open or close an element's socket as its power and faults say.

        Without power its sessions end too.
        """
        alive = self.network.alive(name)
        listening = alive and not self.network.faults[name].service_stopped
        if not listening and name in self._sockets:
            self._deaf(name)
        elif listening and name not in self._sockets and name in self._places:
            self.listen(name, bound(*self._places[name]))
        if not alive:
            for connection in tuple(self._open[name]):
                connection.abort()

    def _deaf(self, name: str) -> None:
        sock = self._sockets.pop(name)
        asyncio.get_running_loop().remove_reader(sock.fileno())
        sock.close()

    def close(self) -> None:
        """Stop listening and end every session."""
        for name in tuple(self._sockets):
            self._deaf(name)
        for connections in self._open.values():
            for connection in tuple(connections):
                connection.abort()

    def _accept(self, name: str, sock: socket.socket) -> None:
        try:
            connection, _ = sock.accept()
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.ECONNABORTED, errno.EMFILE):
                return
            raise
        connection.setblocking(False)  # noqa: FBT003 - the standard library's
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.get_running_loop().create_task(self._serve(name, connection))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _serve(self, name: str, sock: socket.socket) -> None:
        try:
            await asyncssh.run_server(
                sock,
                config=None,
                server_factory=lambda: _Server(self, name),
                server_host_keys=[self._host_key(name)],
                encoding=None,
                line_editor=False,
                server_version="Cisco-1.25" if self._is_cisco(name) else "OpenSSH_8.4",
                **self._algorithms(name),
                allow_scp=False,
                login_timeout=60,
                keepalive_interval=0,
            )
        except (OSError, asyncssh.Error):
            sock.close()  # the caller went away, or never spoke SSH

    def _algorithms(self, name: str) -> dict[str, list[str]]:
        old = self.network.faults[name].old_kex
        if old:
            return {
                "kex_algs": [old],
                "encryption_algs": ["aes128-cbc"],
                "mac_algs": ["hmac-sha1"],
            }
        return {
            "kex_algs": [
                "curve25519-sha256",
                "ecdh-sha2-nistp256",
                "diffie-hellman-group14-sha256",
            ]
        }

    def _is_cisco(self, name: str) -> bool:
        return self.network.elements[name].chassis.system.startswith("cisco")

    def _host_key(self, name: str) -> asyncssh.SSHKey:
        generation = int(self.network.faults[name].host_key_changed)
        if (name, generation) not in self._host_keys:
            pem = keys.private_pem(self._seed, name, generation=generation)
            self._host_keys[name, generation] = asyncssh.import_private_key(pem)
        return self._host_keys[name, generation]

    def admits(self, name: str, user: str, password: str) -> bool:
        """Whether this password opens this element."""
        if self.network.faults[name].refuse_auth or not self.network.alive(name):
            return False
        known = self.accounts.get(user)
        if known is not None and hmac.compare_digest(known, password):
            return True
        tree = self.network.elements[name].running
        return self.network.system(name).verify(tree, user, password)

    def opened(self, name: str, connection: asyncssh.SSHServerConnection) -> None:
        """A connection came."""
        self._open[name].add(connection)

    def ended(self, name: str, connection: asyncssh.SSHServerConnection) -> None:
        """A connection went."""
        self._open[name].discard(connection)


class _Server(asyncssh.SSHServer):
    """One connection: authentication."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire, self._name = wire, name
        self._user = ""
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._wire.opened(self._name, conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's signature
        if self._connection:
            self._wire.ended(self._name, self._connection)

    def begin_auth(self, username: str) -> bool:
        self._user = username
        network = self._wire.network
        banner = network.system(self._name).banner(network.elements[self._name])
        if banner and self._connection:
            self._connection.send_auth_banner(banner)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._wire.admits(self._name, username, password)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Session(self._wire.network, self._name, self._user, self._connection)


class _Session(asyncssh.SSHServerSession[bytes]):
    """One terminal (or one command) on a connection."""

    def __init__(
        self,
        network: Network,
        name: str,
        user: str,
        connection: asyncssh.SSHServerConnection | None,
    ) -> None:
        self._network, self._name, self._user = network, name, user
        self._connection = connection
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._console: Console | None = None
        self._screen: list[str] = []
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._command = ""
        self._task: asyncio.Task[None] | None = None
        self._height = 24
        self._ended = False
        # Garbage is a function of the element, so that a run repeats.
        self._noise = random.Random(name)  # noqa: S311 - a fault, not a secret

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002 - asyncssh's signature
        term_size: tuple[int, int, int, int],
        term_modes: Mapping[int, int],  # noqa: ARG002
    ) -> bool:
        self._height = term_size[1] or 24
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def session_started(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002
        self._keys.put_nowait(data.decode("utf-8", "replace"))

    def eof_received(self) -> bool:
        self._keys.put_nowait(_NOTHING_MORE)
        return True  # what was typed before is still answered

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._task:
            self._task.cancel()
        if self._ended and self._connection:
            self._connection.close()
        if self._console:
            self._network.logout(self._name, self._console.terminal)

    async def _run(self) -> None:
        try:
            peer = self._connection.get_extra_info("peername")[0] if self._connection else ""
            terminal = self._network.login(self._name, self._user, peer)
            console = Console(self._network, self._name, terminal, self._screen.append)
            self._console = console
            if self._command:
                console.unpaged()
                await self._patience()
                console.submit(self._command)
                self._flush(strip=console.prompt().replace("\n", "\r\n"))
                self._end()
                return
            await self._converse(console)
        except ElementDownError:
            self._abort()

    async def _converse(self, console: Console) -> None:
        console.open()
        self._flush()
        while not console.closed:
            typed = await self._keys.get()
            if typed == _NOTHING_MORE:  # nobody is there to type: it hangs up, as at a modem
                break
            for key in typed:
                answers = console.ends_line(key)
                if answers:
                    self._flush()
                    await self._patience()
                console.type(key)
                if answers and self._cuts(console):
                    return
                if console.closed:
                    break
            self._flush()
        self._end()

    async def _patience(self) -> None:
        """Hang, or be slow, as the faults say; without a fault at once."""
        faults = self._network.faults[self._name]
        if faults.hang:
            await asyncio.Event().wait()
        if faults.slow_s:
            factor = getattr(clock.current(), "factor", 1.0)
            await asyncio.sleep(faults.slow_s / factor)

    def _cuts(self, console: Console) -> bool:
        after = self._network.faults[self._name].disconnect_after
        if after < 0 or console.answered <= after:
            return False
        text = "".join(self._screen)
        self._screen[:] = [text[: len(text) // 2]]
        self._flush()
        self._abort()
        return True

    def _flush(self, strip: str = "") -> None:
        text = "".join(self._screen)
        self._screen.clear()
        if strip:
            text = text.removesuffix(strip)
        data = text.encode("utf-8", "replace")
        if self._network.faults[self._name].garbage:
            data = self._spoilt(data)
        if data and self._channel:
            self._channel.write(data)

    def _spoilt(self, data: bytes) -> bytes:
        """Random bytes in the middle of an answer; the prompt stays whole, so it still ends."""
        end = data.rfind(b"\r\n")
        start = data.find(b"\r\n")
        if end <= start:
            return data
        middle = (start + 2 + end) // 2
        return data[:middle] + self._noise.randbytes(_GARBAGE) + data[middle:]

    def _end(self) -> None:
        """Close the channel once all is sent; a session at the terminal ends its connection."""
        self._ended = not self._command
        if self._channel:
            self._channel.exit(0)

    def _abort(self) -> None:
        if self._connection:
            self._connection.abort()


def bound(address: str, port: int) -> socket.socket:
    """A socket bound there.

    Raises:
        OSError: somebody listens there, or on the port everywhere.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)  # noqa: FBT003 - the standard library's
    os.set_inheritable(sock.fileno(), False)  # noqa: FBT003
    return sock
