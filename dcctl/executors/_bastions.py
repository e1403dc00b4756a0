"""Jump hosts: one transport to each, shared by all targets behind it in this process.

A transport carries so many targets; when it is full another is opened. One that died is replaced
once. While one is being opened the others wait for it, and share its failure for a moment: a dead
jump host costs its time-out once, not once a target.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import paramiko

from dcctl import clock
from dcctl.errors import DcctlError, TargetError, Unreachable
from dcctl.executors import credentials, hostkeys
from dcctl.executors._login import dial, log_in
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dcctl.model.target import Connection

SESSIONS = 10  # over one transport, unless dcctl.yml says otherwise: OpenSSH's MaxSessions
_REMEMBERED_S = 5.0  # so long a failure is that of everybody who asks
_KEEPALIVE_S = 10
_UNANSWERED_MS = 15_000  # after which the kernel gives a silent jump host up


@dataclass(slots=True, eq=False)
class _Carrier:
    """One transport to a jump host, and what carries that."""

    transport: paramiko.Transport
    below: Lease | None
    since: float
    used: int = 0

    def close(self) -> None:
        with suppress(Exception):  # closing must not hide what came before
            self.transport.close()
        if self.below:
            self.below.release()


class Lease:
    """A channel through a jump host to one address; give it back."""

    def __init__(self, channel: paramiko.Channel, bastion: _Bastion, carrier: _Carrier) -> None:
        self.channel = channel
        self._bastion, self._carrier = bastion, carrier
        self._held = True

    def release(self) -> None:
        """Close the channel and make room for another; never raises."""
        if self._held:
            self._held = False
            with suppress(Exception):  # closing must not hide what came before
                self.channel.close()
            self._bastion.leave(self._carrier)


class _Bastion:
    """All transports to one jump host over one way."""

    def __init__(self, way: tuple[Connection, ...], options: Mapping[str, Any], base: Path) -> None:
        self.way = way
        self._options, self._base = options, base
        name = hostkeys.alias(way[-1])
        limits = (options.get("bastions") or {}).get(name) or {}
        self._most = int(limits.get("sessions", SESSIONS))
        self._changed = threading.Condition()
        self._carriers: list[_Carrier] = []
        self._opening = False
        self._failure: tuple[float, DcctlError] | None = None

    def enter(self, timeout: float) -> _Carrier:
        """A transport that has room, opened if there is none; raises why there can't be one."""
        with self._changed:
            while True:
                self._bury()
                free = next((one for one in self._carriers if one.used < self._most), None)
                if free:
                    free.used += 1
                    return free
                if self._failure and clock.monotonic() - self._failure[0] < _REMEMBERED_S:
                    raise self._failure[1]
                if not self._opening:
                    self._opening = True
                    break
                self._changed.wait()
        opened: _Carrier | None = None
        failure: DcctlError | None = None
        try:
            opened = self._open(timeout)
        except DcctlError as error:
            failure = error
            raise
        finally:
            with self._changed:
                self._opening = False
                self._failure = (clock.monotonic(), failure) if failure else None
                if opened is not None:
                    opened.used = 1
                    self._carriers.append(opened)
                self._changed.notify_all()
        return opened

    def _bury(self) -> None:
        """Forget transports that died; what they carried finds out by itself."""
        dead = [one for one in self._carriers if not one.transport.is_active()]
        self._carriers = [one for one in self._carriers if one not in dead]
        for carrier in dead:
            if not carrier.used:
                carrier.close()

    def _open(self, timeout: float) -> _Carrier:
        hop = self.way[-1]
        who = credentials.login(self._options, hop.credential, base=self._base)
        below: Lease | None = None
        if self.way[:-1]:
            below = _channel(self.way[:-1], hop, self._options, self._base, timeout)
            sock: Any = below.channel
        else:
            sock = dial(hop.address, hop.port, timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNANSWERED_MS)
        try:
            transport = log_in(sock, hop, who, timeout=timeout)
        except BaseException:
            if below:
                below.release()
            raise
        transport.set_keepalive(_KEEPALIVE_S)
        return _Carrier(transport, below, clock.monotonic())

    def leave(self, carrier: _Carrier) -> None:
        """One target less; a transport that died goes with its last one."""
        with self._changed:
            carrier.used -= 1
            gone = not carrier.used and carrier not in self._carriers
            self._changed.notify_all()
        if gone:
            carrier.close()

    def rest(self) -> None:
        """Close the transports that carry nothing."""
        with self._changed:
            idle = [one for one in self._carriers if not one.used]
            self._carriers = [one for one in self._carriers if one.used]
        for carrier in idle:
            carrier.close()


_known: dict[Any, _Bastion] = {}
_lock = threading.Lock()


def through(
    connection: Connection, options: Mapping[str, Any], *, base: Path, timeout: float
) -> Lease:
    """A channel to where `connection` listens, through its jump hosts.

    Raises:
        Unreachable, AuthenticationFailed, HostKeyRejected, TargetTimeout: of a jump host, which is
        named, or from it onwards. NotFound, InvalidInput: its credential.
    """
    return _channel(connection.jump, connection, options, base, timeout)


def rest() -> None:
    """Close every transport that carries nothing any more."""
    with _lock:
        found = sorted(_known.values(), key=lambda bastion: -len(bastion.way))
    for bastion in found:  # the farthest first: they lie on the nearer ones
        bastion.rest()


def _bastion(way: tuple[Connection, ...], options: Mapping[str, Any], base: Path) -> _Bastion:
    entries = options.get("credentials") or {}
    with _lock:
        key = (way, base, repr([entries.get(hop.credential) for hop in way]))
        if key not in _known:
            _known[key] = _Bastion(way, options, base)
        return _known[key]


def _channel(
    way: tuple[Connection, ...],
    connection: Connection,
    options: Mapping[str, Any],
    base: Path,
    timeout: float,
) -> Lease:
    bastion = _bastion(way, options, base)
    began = clock.monotonic()
    while True:
        try:
            carrier = bastion.enter(timeout)
        except TargetError as error:
            raise _not_through(connection, way[-1], error) from error
        try:
            channel = carrier.transport.open_channel(
                "direct-tcpip",
                (connection.address, connection.port),
                ("127.0.0.1", 0),
                timeout=timeout,
            )
        except (paramiko.SSHException, EOFError, OSError) as error:
            died = isinstance(error, EOFError | OSError) or not carrier.transport.is_active()
            if died:
                carrier.transport.close()  # it may not know yet
            bastion.leave(carrier)
            if died and carrier.since < began:
                continue
            raise _not_through(connection, way[-1], error) from error
        except BaseException:
            bastion.leave(carrier)
            raise
        return Lease(channel, bastion, carrier)


def _not_through(connection: Connection, hop: Connection, error: Exception) -> TargetError:
    """Why a target can't be had: the jump host that failed is named once, the nearest one."""
    kind: type[TargetError] = Unreachable
    told = {"target": hostkeys.alias(connection), "jump": hostkeys.alias(hop)}
    hint, shared = "", {}
    if isinstance(error, TargetError):
        kind, hint, shared = type(error), error.hint.msgid, dict(error.hint.params)
        params = error.text.params
        reason = params["reason"] if "jump" in params else str(error.text)
        told["jump"] = params.get("jump", told["jump"])
    elif isinstance(error, paramiko.ChannelException):
        reason = f"{connection.address} port {connection.port}: {error.text}"
    else:
        reason = str(error) or type(error).__name__
    return kind(
        N_("{target}: not through the jump host {jump}: {reason}"),
        hint=hint,
        **(shared | told | {"reason": reason}),
    )
