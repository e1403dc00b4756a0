"""What `dcctl ssh HOST` runs: OpenSSH with the right key, user, port and pinned host key."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from dcctl.errors import MissingDependency
from dcctl.executors import hostkeys
from dcctl.executors._direct import require_direct
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dcctl.model.target import Target

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


def arguments(target: Target, options: Mapping[str, Any], *, base: Path) -> list[str]:
    """The argument list of ssh(1) for a session with `target`; its questions are `askpass`'s.

    Raises:
        MissingDependency: there is no ssh. NotFound: no such credential. InvalidInput: it lies
        behind a jump host.
    """
    program = shutil.which("ssh")
    if program is None:
        raise MissingDependency(N_("there is no ssh program"), hint=N_("install openssh-client"))
    connection = target.connection
    require_direct(connection)
    entry = options.get("credentials", {}).get(connection.credential, {})
    key, agent = entry.get("key"), bool(entry.get("agent"))
    command = [
        *(program, "-p", str(connection.port)),
        *("-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=/dev/null"),
        *("-o", f"UserKnownHostsFile={connection.known_hosts or '/dev/null'}"),
        *("-o", f"HostKeyAlias={hostkeys.alias(connection)}", "-o", "UpdateHostKeys=no"),
        *_CRYPTO.get(connection.crypto, ()),
    ]
    if key:
        command += ["-i", str(base / key), "-o", f"IdentitiesOnly={'no' if agent else 'yes'}"]
    elif not agent:
        command += ["-o", "PubkeyAuthentication=no"]
    if entry.get("username"):
        command += ["-l", str(entry["username"])]
    return [*command, "--", connection.address]
