"""Jump hosts: an ssh configuration of our own, so that each hop's key is judged as strictly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, NotFound
from dcctl.executors import credentials
from dcctl.model import plain
from dcctl.model.target import Connection
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Context


def proxy(connection: Connection, context: Context, folder: Path) -> list[str]:
    """Arguments of ssh for the hops of `connection`; what they need is written into `folder`.

    Raises:
        NotFound: a hop that this run's options do not know.
        InvalidInput: one with neither key nor agent.
    """
    if not connection.jump:
        return ["-F", "none"]  # a user's ~/.ssh/config has no say
    for name in connection.jump:
        place = folder / f"jump-{name}"
        if not place.exists():
            place.write_text(_section(name, context), encoding="utf-8")
    config = folder / f"jumps-{'-'.join(connection.jump)}"
    sections = [(folder / f"jump-{name}").read_text(encoding="utf-8") for name in connection.jump]
    config.write_text("".join(sections), encoding="utf-8")
    hops = ",".join(f"jump-{name}" for name in connection.jump)
    return ["-F", str(config), "-o", f"ProxyJump={hops}"]


def _section(name: str, context: Context) -> str:
    entry = context.options.get("jumps", {}).get(name)
    if entry is None:
        raise NotFound(N_("jump host {name} is not in this run's options"), name=name)
    hop = plain.from_plain(Connection, dict(entry))
    login = credentials.login(context.options, hop.credential, base=Path(context.site_root))
    if login.key is None and not login.agent:
        raise InvalidInput(
            N_("jump host {name} needs a key or the agent"),
            hint=N_("Ansible can give a password to the last host only"),
            name=name,
        )
    options = {
        "HostName": hop.address,
        "Port": hop.port,
        "User": login.username,
        "IdentityFile": f'"{login.key}"' if login.key else "none",
        "IdentitiesOnly": "no" if login.agent else "yes",
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": f'"{hop.known_hosts}"',
        "GlobalKnownHostsFile": "/dev/null",
        "HostKeyAlias": hop.host_key_alias or hop.address,
        "UpdateHostKeys": "no",
        "ControlPath": "none",
        "ServerAliveInterval": 5,
    }
    lines = [f"    {key} {value}\n" for key, value in options.items() if value != ""]
    return f"Host jump-{name}\n{''.join(lines)}"
