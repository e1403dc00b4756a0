"""SSH to the elements: one listening socket each, SSH itself only when somebody calls."""

from __future__ import annotations

import asyncio
import errno
import hmac
import os
import socket
from collections import defaultdict
from collections.abc import Mapping

import asyncssh

from dcctl.lab.elements import keys
from dcctl.lab.elements.calls import call
from dcctl.lab.elements.network import Network

_BACKLOG = 128


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
        if self._connection and not self._wire.network.alive(self._name):
            self._connection.abort()  # it went down since it took the connection
        return self._wire.admits(self._name, username, password)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return call(self._wire.network, self._name, self._user, self._connection)


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
