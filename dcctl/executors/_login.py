"""One SSH login: a socket dialled, its key judged, its user let in.

Paramiko's errors are translated here, once.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import paramiko

from dcctl.errors import (
    AuthenticationFailed,
    InvalidInput,
    NotFound,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors import _crypto, hostkeys
from dcctl.executors._attended import AttendedTransport
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.executors.credentials import Login
    from dcctl.model.target import Connection


def log_in(
    sock: Any, connection: Connection, who: Login, *, timeout: float, attended: bool = False
) -> _crypto.AgreedTransport:
    """A transport over `sock` to `connection`, its key the pinned one, logged in as `who`.

    `attended`: one thread at a time will work on it, and read its socket itself.

    Raises:
        Unreachable, AuthenticationFailed, HostKeyRejected, TargetTimeout, NotFound, InvalidInput.
    """
    # What a jump host carries is no socket, and its bytes come by another's thread.
    kind = AttendedTransport if attended and isinstance(sock, socket.socket) else None
    transport = handshake(
        sock,
        connection.address,
        connection.port,
        timeout=timeout,
        connection=connection,
        kind=kind or _crypto.AgreedTransport,
    )
    try:
        _check_key(transport, connection)
        _authenticate(transport, who, connection)
    except BaseException:
        transport.close()
        raise
    return transport


def dial(address: str, port: int, timeout: float) -> socket.socket:
    """A connected TCP socket that sends small packets at once.

    Raises:
        Unreachable.
    """
    try:
        sock = socket.create_connection((address, port), timeout=timeout)
    except OSError as error:
        raise Unreachable(
            N_("{address} port {port}: {error}"),
            hint=N_("is it up, and may this machine reach it?"),
            address=address,
            port=port,
            error=error.strerror or str(error),
        ) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def handshake(
    sock: Any,
    address: str,
    port: int,
    *,
    timeout: float,
    connection: Connection | None = None,
    kind: type[_crypto.AgreedTransport] = _crypto.AgreedTransport,
) -> _crypto.AgreedTransport:
    """Exchange keys over `sock`; the server's key is not judged yet.

    Raises:
        Unreachable: what answers speaks no SSH, or none of our algorithms.
    """
    disabled = _crypto.left_out(connection.crypto if connection else "legacy")
    try:
        transport = kind(sock, disabled_algorithms=disabled)
        transport.banner_timeout = timeout
        transport.handshake_timeout = timeout
        transport.auth_timeout = timeout
        if connection:
            _prefer_pinned(transport, connection)
    except (paramiko.SSHException, OSError) as error:
        sock.close()
        raise _no_ssh(address, port, error) from error
    try:
        transport.start_client(timeout=timeout)
    except (paramiko.SSHException, EOFError, OSError) as error:
        transport.close()
        raise _no_ssh(address, port, error) from error
    if not transport.initial_kex_done:  # paramiko returns without a word when its time is over
        transport.close()
        raise _no_ssh(address, port, TimeoutError(f"nothing within {timeout:g} s"))
    return transport


def _no_ssh(address: str, port: int, error: Exception) -> Unreachable:
    return Unreachable(
        N_("{address} port {port}: no SSH session: {error}"),
        hint=N_("old gear may need `crypto: compatible` or `crypto: legacy`"),
        address=address,
        port=port,
        error=str(error) or type(error).__name__,
    )


def _prefer_pinned(transport: paramiko.Transport, connection: Connection) -> None:
    """Ask for the type of key that is pinned, so that a server with several shows that one."""
    pinned = hostkeys.known(connection.known_hosts, hostkeys.alias(connection))
    options = transport.get_security_options()
    wanted = {"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"} if "ssh-rsa" in pinned else set()
    wanted |= set(pinned)
    types = tuple(options.key_types)
    first = tuple(name for name in types if name in wanted)
    options.key_types = first + tuple(name for name in types if name not in wanted)


def _check_key(transport: paramiko.Transport, connection: Connection) -> None:
    key = transport.get_remote_server_key()
    hostkeys.judge(connection, key.get_name(), key.asbytes())


def _authenticate(transport: paramiko.Transport, who: Login, connection: Connection) -> None:
    """Key, then agent, then password; the first that is accepted."""
    tried = []
    for method, attempt in _attempts(who, connection.line):
        tried.append(method)
        try:
            if not attempt(transport):
                return
        except paramiko.BadAuthenticationType:
            continue
        except paramiko.AuthenticationException as error:
            if "timeout" in str(error).lower():
                raise TargetTimeout(
                    N_("{address}: no answer to the login"), address=connection.address
                ) from error
            if not transport.is_active():
                break
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise _no_ssh(connection.address, connection.port, error) from error
    raise AuthenticationFailed(
        N_("{address}: login of {user} refused (tried: {tried})"),
        hint=N_("check credential {credential} in dcctl.yml"),
        address=connection.host_key_alias or connection.address,
        user=who.username,
        tried=", ".join(tried) or "nothing",
        credential=connection.credential,
    )


def _attempts(who: Login, line: str) -> list[tuple[str, Any]]:
    """(name, attempt) in order; an attempt gives the methods still wanted: [] means logged in."""
    attempts: list[tuple[str, Any]] = []
    if who.key:
        key = load_key(who)
        attempts.append(
            ("key", lambda transport: transport.auth_publickey(who.username + line, key))
        )
    if who.agent:
        attempts.extend(
            (
                "agent",
                lambda transport, held=held: transport.auth_publickey(who.username + line, held),
            )
            for held in paramiko.Agent().get_keys()
        )
    if who.password:
        secret = who.password
        attempts.append(
            (
                "password",
                lambda transport: transport.auth_password(who.username + line, secret.reveal()),
            )
        )
    return attempts


def load_key(who: Login) -> paramiko.PKey:
    """The private key of `who`.

    Raises:
        NotFound: no such file. InvalidInput: no key, or a passphrase is missing or wrong.
    """
    path = str(who.key)
    passphrase = who.passphrase.reveal().encode() if who.passphrase else None
    try:
        return paramiko.PKey.from_path(path, passphrase)
    except OSError as error:
        raise NotFound(N_("{path}: {error}"), path=path, error=error.strerror or "") from error
    except (ValueError, TypeError, paramiko.SSHException) as error:
        raise InvalidInput(
            N_("{path}: not a private key that can be opened"),
            hint=N_("an encrypted key needs `key_passphrase` in its credential"),
            path=path,
        ) from error
