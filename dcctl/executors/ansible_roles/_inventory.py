"""What Ansible is told of one target: its merged variables, how to dial it, its secrets."""

from __future__ import annotations

import ipaddress
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import secrets
from dcctl.errors import InvalidInput, NotFound, Refused
from dcctl.executors import credentials, hostkeys
from dcctl.executors.credentials import Login, private_root
from dcctl.model import plain
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Context
    from dcctl.model.target import Connection, Target
    from dcctl.secrets import Secret

SECRET_SUFFIX = "_secret"  # noqa: S105 - the name of a variable that holds a reference
# Ours decide how a target is dialled; whatever the inventory says of it is dropped.
_DIALLING = (
    "ansible_ssh_",
    "ansible_host",
    "ansible_port",
    "ansible_user",
    "ansible_password",
    "ansible_become",
    "ansible_control_path",
    "ansible_pipelining",
    "ansible_remote_",
)
_KEX = {
    "modern": "^curve25519-sha256",
    "compatible": "^curve25519-sha256",
    "legacy": "^curve25519-sha256,diffie-hellman-group14-sha1",
}
# How the estate's loader tells of what it can't open, and of what is no template.
_VAULT_FILES, _VAULTED, _UNSAFE = "dcctl_vault_files", "__ansible_vault", "__ansible_unsafe"
_NO_TASK_VARIABLE = {"serial", "name", "port", "tags", "roles", "timeout", "environment"}


class Unsafe(str):
    """A string that Ansible must never take for a template: a password may hold `{{`."""

    __slots__ = ()


def host_variables(
    target: Target, context: Context, folder: Path, through: Sequence[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables of a target, and its secrets apart (for a file that only they stand in).

    `through` is the program that leads ssh past the target's jump hosts.

    Raises:
        NotFound, InvalidInput: a credential or a secret isn't there.
        Refused: lab mode, and no address of the lab.
    """
    given = {
        key: plain.to_plain(value)
        for key, value in target.variables.items()
        if not key.startswith(_DIALLING) and key not in _NO_TASK_VARIABLE
    }
    _require_open(target.name, given)
    variables = {key: _tagged(value) for key, value in given.items()}
    found: dict[str, Any] = {}
    for key in [key for key in variables if key.endswith(SECRET_SUFFIX)]:
        name = key.removesuffix(SECRET_SUFFIX)
        found[name] = _secret(variables.pop(key), context)
        variables[name] = _lookup(name)
    variables |= {
        "dcctl": plain.to_plain(target.intent),
        "dcctl_peers": _peers(target.peers),
        "dcctl_address": _address(target),
        "dcctl_known_hosts": target.connection.known_hosts,
        "dcctl_lab": context.lab,
        "dcctl_site_root": context.site_root,
        "dcctl_pki_dir": str(private_root(context) / "pki"),
        "dcctl_safety_net_s": int(context.options.get("safety_net_s") or 60),
    }
    variables |= _connection(target, context, folder, found, through)
    return variables, found


def _require_open(target: str, variables: Mapping[str, Any]) -> None:
    """Refuse variables that only a vault password opens: a role would go on without them."""
    closed = [str(path) for path in variables.get(_VAULT_FILES) or ()]
    closed += [key for key, value in variables.items() if _holds(value, _VAULTED)]
    if closed:
        raise InvalidInput(
            N_("{target}: roles get no vaulted variables, and these are: {names}"),
            hint=N_("write NAME_secret: vault:PATH#KEY in clear; the role then has NAME"),
            target=target,
            names=", ".join(sorted(closed)),
        )


def _holds(value: Any, mark: str) -> bool:
    if isinstance(value, Mapping):
        return mark in value or any(_holds(item, mark) for item in value.values())
    return isinstance(value, list | tuple) and any(_holds(item, mark) for item in value)


def _tagged(value: Any) -> Any:
    """What stood behind `!unsafe` in the inventory stands behind it for Ansible."""
    if isinstance(value, Mapping):
        if set(value) == {_UNSAFE}:
            return Unsafe(value[_UNSAFE])
        return {key: _tagged(item) for key, item in value.items()}
    return [_tagged(item) for item in value] if isinstance(value, list) else value


def uses_agent(target: Target, context: Context) -> bool:
    """Whether the target's credential asks for the SSH agent."""
    known: Mapping[str, Any] = context.options.get("credentials") or {}
    return bool((known.get(target.connection.credential) or {}).get("agent"))


def _connection(
    target: Target,
    context: Context,
    folder: Path,
    found: dict[str, Any],
    through: Sequence[str],
) -> dict[str, Any]:
    connection = target.connection
    if context.lab:
        _require_lab_address(target)
    elif target.variables.get("ansible_connection") == "local":
        return {"ansible_connection": "local"}
    told: dict[str, Any] = {
        "ansible_connection": "ssh",
        "ansible_host": connection.address,
        "ansible_port": connection.port,
        "ansible_ssh_common_args": shlex.join(
            # A user's ~/.ssh/config has no say.
            ["-F", "none", *_ssh_arguments(connection), *_proxy(through)]
        ),
    }
    login = _login(connection, context)
    if login.username:
        told["ansible_user"] = login.username
    if login.password:
        found["ansible_password"] = Unsafe(login.password.reveal())
        told["ansible_password"] = _lookup("ansible_password")
    if login.key:
        told["ansible_ssh_private_key_file"] = str(_key(target.name, login, folder))
    if login.become:
        told |= {"ansible_become": True, "ansible_become_method": "sudo"}
    if login.become_password:
        found["ansible_become_password"] = Unsafe(login.become_password.reveal())
        told["ansible_become_password"] = _lookup("ansible_become_password")
    return told


def _login(connection: Connection, context: Context) -> Login:
    if not connection.credential:
        return Login(username="")
    return credentials.login(context.options, connection.credential, base=Path(context.site_root))


def _address(target: Target) -> str:
    """The management address as the estate has it, which is the one inside a lab too."""
    return str(target.variables.get("ansible_host") or target.connection.address)


def _require_lab_address(target: Target) -> None:
    for connection in (*target.connection.jump, target.connection):
        try:
            loopback = ipaddress.ip_address(connection.address).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            raise Refused(
                N_("{target}: {address} is no address of the lab"),
                hint=N_("with --lab nothing but the lab is dialled"),
                target=target.name,
                address=connection.address,
            )


def _ssh_arguments(connection: Connection) -> list[str]:
    options = {
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": hostkeys.option(connection),
        "GlobalKnownHostsFile": os.devnull,
        "HostKeyAlias": connection.host_key_alias,
        "UpdateHostKeys": "no",
        "KexAlgorithms": _KEX.get(connection.crypto, _KEX["compatible"]),
        "ServerAliveInterval": "5",
        "ServerAliveCountMax": "3",
        "ForwardAgent": "no",
        "LogLevel": "ERROR",
    }
    arguments: list[str] = []
    for name, value in options.items():
        if value:
            arguments += ["-o", f"{name}={value}"]
    return arguments


def _proxy(through: Sequence[str]) -> list[str]:
    # ssh hands it to a shell, after putting its own values where a % stands.
    return ["-o", f"ProxyCommand={shlex.join(through).replace('%', '%%')}"] if through else []


def _key(name: str, login: Login, folder: Path) -> Path:
    path = login.key or Path()
    if not path.is_file():
        raise NotFound(
            N_("{path}: there is no such key"), hint=N_("see `key:` in dcctl.yml"), path=str(path)
        )
    if not login.passphrase:
        return path
    return _opened_key(path, login.passphrase, folder / f"{name}.key")


def _opened_key(path: Path, passphrase: Secret, opened: Path) -> Path:
    """A copy of the key without its passphrase, in the private folder: ssh can ask nobody here."""
    from cryptography.hazmat.primitives import serialization

    try:
        key = serialization.load_ssh_private_key(path.read_bytes(), passphrase.reveal().encode())
    except (ValueError, OSError) as error:
        raise InvalidInput(
            N_("{path}: the key can't be opened with its passphrase"), path=str(path)
        ) from error
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(opened, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return opened


def _secret(reference: Any, context: Context) -> Unsafe:
    resolved = secrets.resolve(secrets.SecretRef.parse(str(reference)), base=private_root(context))
    return Unsafe(resolved.reveal())


def _lookup(name: str) -> str:
    return "{{ dcctl_secrets[inventory_hostname]['" + name + "'] }}"


def _peers(peers: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Each kind of peer as a list: `{KIND: {NAME: {…}}}` becomes `{KIND: [{name: NAME, …}]}`."""
    listed: dict[str, list[Any]] = {}
    for kind, value in plain.to_plain(peers).items():
        listed[kind] = (
            [{"name": name, **(data or {})} for name, data in sorted(value.items())]
            if isinstance(value, dict)
            else list(value or [])
        )
    return listed
