"""Host keys: looked up strictly, fetched to be shown, pinned atomically."""

from __future__ import annotations

import base64
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dcctl.errors import HostKeyRejected, InvalidInput
from dcctl.model.ssh_wire import fingerprint as fingerprint  # noqa: PLC0414 - of host keys too
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.model.target import Connection

_FIELDS = 3  # names, type, key


class HostKey(NamedTuple):
    """What a server shows of itself; `line` is its known_hosts entry without the name."""

    type: str
    fingerprint: str
    line: str


def alias(connection: Connection) -> str:
    """The name under which this connection's key is pinned."""
    if connection.host_key_alias:
        return connection.host_key_alias
    plain = connection.port == 22  # noqa: PLR2004 - known_hosts' own convention
    return connection.address if plain else f"[{connection.address}]:{connection.port}"


def option(connection: Connection) -> str:
    """Its known_hosts file as ssh's UserKnownHostsFile: blanks are kept, no % is a token."""
    file = connection.known_hosts.replace("%", "%%")
    return f'"{file}"' if file else os.devnull


def known(file: str, name: str) -> dict[str, str]:
    """The keys pinned for `name` in known_hosts `file`: type to base64.

    Raises:
        InvalidInput: the file can't be read.
    """
    if not file:
        return {}
    try:
        stamp = Path(file).stat()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(file, error) from error
    return _parsed(file, stamp.st_mtime_ns, stamp.st_size).get(name, {})


@lru_cache(maxsize=8)
def _parsed(file: str, _changed: int, _size: int) -> dict[str, dict[str, str]]:
    try:
        text = Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _unreadable(file, error) from error
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < _FIELDS or fields[0][0] in "#@|":
            continue  # comments, certificate authorities and hashed names are not used here
        for name in fields[0].split(","):
            found.setdefault(name, {})[fields[1]] = fields[2]
    return found


def judge(connection: Connection, key_type: str, blob: bytes) -> None:
    """Accept a shown key only when it is the pinned one.

    Raises:
        HostKeyRejected: unknown, or another than the pinned one.
    """
    name = alias(connection)
    pinned = known(connection.known_hosts, name)
    if base64.b64encode(blob).decode() == pinned.get(key_type):
        return
    if not pinned:
        raise HostKeyRejected(
            N_("{name}: host key {fingerprint} is not known"),
            hint=N_("compare it on the console, then pin it: dcctl inventory trust {name}"),
            name=name,
            fingerprint=fingerprint(blob),
        )
    raise HostKeyRejected(
        N_("{name}: the host key CHANGED: shows {fingerprint}, pinned is {pinned}"),
        hint=N_(
            "somebody may be in between; when the host was reinstalled, remove its line from "
            "{file} and run: dcctl inventory trust {name}"
        ),
        name=name,
        fingerprint=fingerprint(blob),
        pinned=", ".join(fingerprint(base64.b64decode(key)) for key in pinned.values()),
        file=connection.known_hosts,
    )


def fetch(
    connection: Connection, options: Mapping[str, Any] | None = None, *, base: Path = Path()
) -> HostKey:
    """The key that the server shows now; believe it only after comparing the fingerprint.

    The jump hosts on the way to it must be pinned already.

    Raises:
        Unreachable: no SSH server answers, or a jump host lets us through to none.
    """
    from dcctl.executors import _login, transport

    options = options or {}
    timeout = transport.connect_timeout(options)
    sock, lease = transport.reach(connection, options, base=base)
    try:
        shown = _login.handshake(sock, connection.address, connection.port, timeout=timeout)
        key = shown.get_remote_server_key()
        shown.close()
    finally:
        if lease:
            lease.release()
    return HostKey(
        key.get_name(), fingerprint(key.asbytes()), f"{key.get_name()} {key.get_base64()}"
    )


def pin(known_hosts: Path, name: str, line: str) -> None:
    """Add `name line` to `known_hosts`, replacing the same name's key of the same type; atomic.

    Raises:
        InvalidInput: the file can't be written, or the line is no key.
    """
    fields = line.split()
    if len(fields) != _FIELDS - 1 or not name or any(c.isspace() or c in ",#@|" for c in name):
        raise InvalidInput(N_("{line} is no host key for {name}"), line=line[:60], name=name)
    try:
        old = known_hosts.read_text(encoding="utf-8") if known_hosts.exists() else ""
        kept = [entry for entry in old.splitlines() if not _same(entry, name, fields[0])]
        _replace(known_hosts, "\n".join([*kept, f"{name} {line}"]) + "\n")
    except OSError as error:
        raise _unreadable(str(known_hosts), error) from error


def _same(entry: str, name: str, key_type: str) -> bool:
    fields = entry.split()
    return len(fields) >= _FIELDS and fields[0] == name and fields[1] == key_type


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _unreadable(file: str, error: OSError) -> InvalidInput:
    return InvalidInput(N_("{path}: {error}"), path=file, error=error.strerror or str(error))
