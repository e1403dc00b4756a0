"""The lab's overlay: where the twins listen. Read with `--lab` only, leads to loopback only."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import InvalidInput, Place
from dcctl.model.target import Connection
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = ".dcctl/lab"
FILE = f"{FOLDER}/overlay.json"
JOURNAL = f"sqlite:///{FOLDER}/journal.db"
_HIGHEST_PORT = 65535


class Overlay:
    """Connections to the twins and to their consoles, by host, and the lab's own credentials."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        credentials: Mapping[str, Mapping[str, Any]],
        consoles: Mapping[str, Connection],
        mirror: tuple[str, int] | None = None,
    ) -> None:
        self.connections = connections
        self.credentials = credentials
        self.consoles = consoles
        self.mirror = mirror  # of images: address and port


def read_overlay(root: Path) -> Overlay:
    """The overlay that `lab up` wrote.

    Raises:
        InvalidInput: there is none, it can't be read, or it leads anywhere but to loopback.
    """
    try:
        data = json.loads((root / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidInput(
            N_("no lab is up for this site"), hint=N_("dcctl lab up"), place=Place(FILE)
        ) from error
    except (OSError, ValueError) as error:
        raise _broken(N_("can't be read: {reason}"), reason=str(error)) from error
    if not isinstance(data, dict) or not isinstance(data.get("targets"), dict):
        raise _broken(N_("is no overlay: it has no targets"))
    credentials = data.get("credentials", {})
    if not isinstance(credentials, dict):
        raise _broken(N_("is no overlay: credentials must be a mapping"))
    known_hosts = str(root / FOLDER / "known_hosts")
    parts = [data.get(part, {}) for part in ("jump_hosts", "targets", "consoles")]
    if not all(isinstance(part, dict) for part in parts):
        raise _broken(N_("is no overlay: jump hosts and consoles must be mappings"))
    hops, targets, consoles = (
        {name: _connection(name, entry, credentials, known_hosts) for name, entry in part.items()}
        for part in parts
    )
    connections = {
        name: replace(connection, jump=_hops(name, data["targets"][name].get("jump", []), hops))
        for name, connection in targets.items()
    }
    mirror = data.get("mirror")
    found = _connection("mirror", mirror, credentials, known_hosts) if mirror else None
    at = (found.address, found.port) if found else None
    return Overlay(connections, credentials, consoles, at)


def _hops(name: str, wanted: Any, hops: Mapping[str, Connection]) -> tuple[Connection, ...]:
    if not isinstance(wanted, list) or any(hop not in hops for hop in wanted):
        raise _broken(N_("{name} wants a jump host that the overlay does not have"), name=name)
    return tuple(hops[hop] for hop in wanted)


def _connection(
    name: str, entry: Any, credentials: Mapping[str, Any], known_hosts: str
) -> Connection:
    if not isinstance(entry, dict):
        raise _broken(N_("{name} must be a mapping"), name=name)
    address, port = entry.get("address"), entry.get("port", 22)
    if not _is_loopback(address):
        raise _broken(
            N_("{name} leads to {address}, which is not loopback"),
            name=name,
            address=str(address),
        )
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port <= _HIGHEST_PORT:
        raise _broken(N_("{name} has no proper port"), name=name)
    credential = entry.get("credential", "")
    if credential and credential not in credentials:
        raise _broken(
            N_("{name} wants the credential {credential}, which the overlay does not have"),
            name=name,
            credential=str(credential),
        )
    return Connection(
        address=str(address),
        port=port,
        credential=str(credential),
        host_key_alias=str(entry.get("host_key_alias") or name),
        known_hosts=known_hosts,
    )


def _is_loopback(address: object) -> bool:
    try:
        return isinstance(address, str) and ip_address(address).is_loopback
    except ValueError:
        return False


def _broken(msgid: str, **params: Any) -> InvalidInput:
    return InvalidInput(
        msgid, hint=N_("dcctl lab down, then dcctl lab up"), place=Place(FILE), **params
    )
