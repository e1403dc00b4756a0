"""Trust: pin a target's host key after its fingerprint was compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dcctl.executors import hostkeys
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
    offered = hostkeys.fetch(connection.address, connection.port)
    pinned = hostkeys.pinned(Path(connection.known_hosts), _alias(name, services))
    same_type = [key for key in pinned if key.key_type == offered.key_type]
    return OfferedKey(
        address=f"{connection.address}:{connection.port}",
        key_type=offered.key_type,
        fingerprint=offered.fingerprint,
        line=offered.line,
        known=any(key.fingerprint == offered.fingerprint for key in pinned),
        replaces=next((key.fingerprint for key in same_type), "")
        if all(key.fingerprint != offered.fingerprint for key in same_type)
        else "",
    )


def pin(name: str, offered: OfferedKey, services: Services) -> Path:
    """Write the key down for this target; gives the file."""
    path = Path(services.estate.target(name).connection.known_hosts)
    hostkeys.pin(path, _alias(name, services), offered.line)
    return path


def _alias(name: str, services: Services) -> str:
    connection = services.estate.target(name).connection
    return connection.host_key_alias or connection.address
