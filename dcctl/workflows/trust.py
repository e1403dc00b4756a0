"""Trust: pin a target's host key after its fingerprint was compared."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from dcctl.executors import hostkeys
from dcctl.workflows.execute import options
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedKey:
    """What the target offers, and what is pinned for it."""

    address: str
    key_type: str
    fingerprint: str
    line: str
    known: bool
    replaces: str = ""  # fingerprint of another key of this type that is pinned


def offered_key(name: str, services: Services) -> OfferedKey:
    """Ask the target for its host key.

    Raises:
        NotFound: no such target. Unreachable: it doesn't answer.
    """
    target = services.estate.target(name)
    connection = target.connection
    offered = hostkeys.fetch(connection, options(services), base=services.root)
    pinned = hostkeys.known(connection.known_hosts, hostkeys.alias(connection))
    before = pinned.get(offered.type, "")
    old = hostkeys.fingerprint(base64.b64decode(before)) if before else ""
    return OfferedKey(
        address=f"{connection.address}:{connection.port}",
        key_type=offered.type,
        fingerprint=offered.fingerprint,
        line=offered.line,
        known=old == offered.fingerprint,
        replaces=old if old != offered.fingerprint else "",
    )


def pin(name: str, offered: OfferedKey, services: Services) -> Path:
    """Write the key down for this target; gives the file."""
    connection = services.estate.target(name).connection
    path = Path(connection.known_hosts)
    hostkeys.pin(path, hostkeys.alias(connection), offered.line)
    return path
