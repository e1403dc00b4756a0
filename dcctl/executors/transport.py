"""One SSH transport: dialled, its key judged, its user logged in.

Paramiko's errors are translated here, once.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import paramiko

from dcctl.errors import (
    AuthenticationFailed,
    InvalidInput,
    NotFound,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors import credentials, hostkeys
from dcctl.executors._direct import require_direct
from dcctl.model.target import Connection
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Context
    from dcctl.executors.credentials import Login

# What a profile leaves out of paramiko's own lists. `legacy` leaves out nothing.
_SHA1_KEX = (
    "diffie-hellman-group-exchange-sha1",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group1-sha1",
)
_OLD_CIPHERS = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")
_OLD_MACS = ("hmac-sha1", "hmac-md5", "hmac-sha1-96", "hmac-md5-96")
_CRYPTO: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "modern": {
        "kex": _SHA1_KEX,
        "ciphers": _OLD_CIPHERS,
        "macs": _OLD_MACS,
        "keys": ("ssh-rsa",),
        "pubkeys": ("ssh-rsa",),
    },
    "compatible": {
        "kex": _SHA1_KEX[2:],
        "ciphers": ("3des-cbc",),
        "macs": _OLD_MACS[1:],
    },
    "legacy": {},
}
_CONNECT = 10.0  # seconds, unless options.timeouts.connect says otherwise


class _Transport(paramiko.Transport):
    """AES-GCM first: one pass instead of cipher and MAC."""

    _preferred_ciphers = (
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
        "aes128-cbc",
        "aes256-cbc",
        "3des-cbc",
    )


@dataclass(slots=True)
class Link:
    """A logged-in transport."""

    transport: paramiko.Transport
    login: Login

    def close(self) -> None:
        """Close it; never raises."""
        with suppress(Exception):  # closing must not hide what came before
            self.transport.close()


def connect(connection: Connection, context: Context, *, credential: str = "") -> Link:
    """A link to `connection`, logged in as `credential` (default: the connection's own).

    Raises:
        Unreachable, AuthenticationFailed, HostKeyRejected, TargetTimeout, NotFound, InvalidInput.
    """
    timeout = float(context.options.get("timeouts", {}).get("connect", _CONNECT))
    base = Path(context.site_root)
    who = credentials.login(context.options, credential or connection.credential, base=base)
    require_direct(connection)
    transport = handshake(
        dial(connection.address, connection.port, timeout),
        connection.address,
        connection.port,
        timeout=timeout,
        connection=connection,
    )
    try:
        _check_key(transport, connection)
        _authenticate(transport, who, connection)
    except BaseException:
        transport.close()
        raise
    return Link(transport, who)


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
    sock: Any, address: str, port: int, *, timeout: float, connection: Connection | None = None
) -> paramiko.Transport:
    """Exchange keys over `sock`; the server's key is not judged yet.

    Raises:
        Unreachable: what answers speaks no SSH, or none of our algorithms.
    """
    profile = connection.crypto if connection else "legacy"
    if profile not in _CRYPTO:
        raise InvalidInput(N_("there is no crypto profile {name}"), name=profile)
    try:
        transport = _Transport(
            sock, disabled_algorithms={key: list(value) for key, value in _CRYPTO[profile].items()}
        )
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
    for method, attempt in _attempts(who):
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


def _attempts(who: Login) -> list[tuple[str, Any]]:
    """(name, attempt) in order; an attempt gives the methods still wanted: [] means logged in."""
    attempts: list[tuple[str, Any]] = []
    if who.key:
        key = load_key(who)
        attempts.append(("key", lambda transport: transport.auth_publickey(who.username, key)))
    if who.agent:
        attempts.extend(
            ("agent", lambda transport, held=held: transport.auth_publickey(who.username, held))
            for held in paramiko.Agent().get_keys()
        )
    if who.password:
        secret = who.password
        attempts.append(
            (
                "password",
                lambda transport: transport.auth_password(who.username, secret.reveal()),
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
