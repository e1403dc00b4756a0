"""A link to a target: a transport of its own, over the jump hosts that it lies behind."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.executors import _bastions, _crypto, credentials
from dcctl.executors._gate import HANDSHAKES
from dcctl.executors._login import dial, log_in
from dcctl.model.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import paramiko

    from dcctl.contracts import Context
    from dcctl.executors.credentials import Login
    from dcctl.facts.transport import Transport
    from dcctl.model.target import Connection

_CONNECT = 10.0  # seconds, unless options.timeouts.connect says otherwise


@dataclass(slots=True)
class Link:
    """A logged-in transport, what it was agreed on, and what carries it."""

    transport: paramiko.Transport
    login: Login
    agreed: Transport
    carried: _bastions.Lease | None = None

    def close(self) -> None:
        """Close it; never raises."""
        with suppress(Exception):  # closing must not hide what came before
            self.transport.close()
        if self.carried:
            self.carried.release()


def connect(
    connection: Connection,
    context: Context,
    *,
    credential: str = "",
    target: str = "",
    console: bool = False,
    attended: bool = False,
) -> Link:
    """A link to `connection`, logged in as `credential` (default: the connection's own).

    What it was agreed on is written down for `target`, where one is named; with `console` it is
    its line of a console server; with `attended` only one thread at a time works on the link.

    Raises:
        Unreachable, AuthenticationFailed, HostKeyRejected, TargetTimeout, NotFound, InvalidInput.
    """
    base = Path(context.site_root)
    who = credentials.login(context.options, credential or connection.credential, base=base)
    # Reached before the gate: a host that doesn't answer costs no CPU, and must hold nobody up.
    sock, lease = reach(connection, context.options, base=base)
    try:
        with HANDSHAKES.passage():
            transport = log_in(
                sock,
                connection,
                who,
                timeout=connect_timeout(context.options),
                attended=attended,
            )
    except BaseException:
        if lease:
            lease.release()
        raise
    link = Link(transport, who, _crypto.agreed(transport, connection), lease)
    try:
        if target:
            address = f"{connection.address}:{connection.port}"
            context.emit(
                EventKind.SESSION,
                target=target,
                address=address,
                console=console,
                transport=link.agreed,
            )
    except BaseException:
        link.close()
        raise
    return link


def reach(
    connection: Connection, options: Mapping[str, Any], *, base: Path
) -> tuple[Any, _bastions.Lease | None]:
    """A stream to where `connection` listens, and the lease on what carries it, if anything does.

    Raises:
        Unreachable, AuthenticationFailed, HostKeyRejected, TargetTimeout, NotFound, InvalidInput.
    """
    timeout = connect_timeout(options)
    if not connection.jump:
        return dial(connection.address, connection.port, timeout), None
    lease = _bastions.through(connection, options, base=base, timeout=timeout)
    return lease.channel, lease


def connect_timeout(options: Mapping[str, Any]) -> float:
    """Seconds after which a connection is given up."""
    return float((options.get("timeouts") or {}).get("connect", _CONNECT))
