"""What `dcctl ssh HOST` runs: OpenSSH with the right key, user, port and pinned host key."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, Any

from dcctl.errors import MissingDependency
from dcctl.executors import hostkeys
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dcctl.model.target import Connection

_KEX = "curve25519-sha256,curve25519-sha256@libssh.org"
_CRYPTO = {
    # sntrup761, OpenSSH's default, costs ten times the time of curve25519
    "modern": ("-o", f"KexAlgorithms={_KEX},ecdh-sha2-nistp256,diffie-hellman-group16-sha512"),
    "compatible": (
        *("-o", "KexAlgorithms=+diffie-hellman-group14-sha1"),
        *("-o", "HostKeyAlgorithms=+ssh-rsa", "-o", "PubkeyAcceptedAlgorithms=+ssh-rsa"),
    ),
}
_CRYPTO["legacy"] = (
    *("-o", "KexAlgorithms=+diffie-hellman-group14-sha1,diffie-hellman-group1-sha1"),
    *("-o", "HostKeyAlgorithms=+ssh-rsa", "-o", "PubkeyAcceptedAlgorithms=+ssh-rsa"),
    *("-o", "Ciphers=+aes128-cbc,aes256-cbc,3des-cbc"),
)


def arguments(
    connection: Connection, options: Mapping[str, Any], *, base: Path, command: Sequence[str] = ()
) -> list[str]:
    """The argument list of ssh(1) for a session with `connection`; its questions are `askpass`'s.

    Raises:
        MissingDependency: there is no ssh.
    """
    program = shutil.which("ssh")
    if program is None:
        raise MissingDependency(N_("there is no ssh program"), hint=N_("install openssh-client"))
    through = _through(program, connection.jump, connection, options, base)
    return [*_call(program, connection, options, base, through), *command]


def _through(
    program: str,
    hops: Sequence[Connection],
    connection: Connection,
    options: Mapping[str, Any],
    base: Path,
) -> list[str]:
    """The option that leads through `hops`: an ssh to the farthest, which goes through the rest.

    ProxyJump would give the hops neither their own credential nor their pinned key.
    """
    if not hops:
        return []
    *before, hop = hops
    further = ["-F", "none", "-W", f"[{connection.address}]:{connection.port}"]
    further += _through(program, before, hop, options, base)
    call = shlex.join(_call(program, hop, options, base, further))
    return ["-o", f"ProxyCommand={call.replace('%', '%%')}"]  # ssh puts its values where a % stands


def _call(
    program: str,
    connection: Connection,
    options: Mapping[str, Any],
    base: Path,
    more: Sequence[str],
) -> list[str]:
    entry = options.get("credentials", {}).get(connection.credential, {})
    key, agent = entry.get("key"), bool(entry.get("agent"))
    call = [
        *(program, "-p", str(connection.port)),
        *("-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=/dev/null"),
        *("-o", f"UserKnownHostsFile={hostkeys.option(connection)}"),
        *("-o", f"HostKeyAlias={hostkeys.alias(connection)}", "-o", "UpdateHostKeys=no"),
        *_CRYPTO.get(connection.crypto, ()),
    ]
    if key:
        call += [
            "-i",
            str(base / key).replace("%", "%%"),
            "-o",
            f"IdentitiesOnly={'no' if agent else 'yes'}",
        ]
    elif not agent:
        call += ["-o", "PubkeyAuthentication=no"]
    if entry.get("username"):
        call += ["-l", f"{entry['username']}{connection.line}"]
    return [*call, *more, "--", connection.address]
