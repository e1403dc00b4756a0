"""From a credential's references (`options["credentials"]`) to what a login needs.

Secrets are read here, as late as can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import secrets
from dcctl.errors import NotFound
from dcctl.secrets import Secret, SecretRef
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.contracts import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who logs in, and how; `become_password` None with `become` means sudo asks for none."""

    username: str
    password: Secret | None = None
    key: Path | None = None
    passphrase: Secret | None = None
    agent: bool = False
    become: bool = False
    become_password: Secret | None = None
    enable: Secret | None = None
    shell: str = ""  # the credential that reaches the host beneath a device's own command line


def login(options: Mapping[str, Any], name: str, *, base: Path) -> Login:
    """The login that credential `name` stands for.

    Raises:
        NotFound: no such credential, or a secret of it isn't where it should be.
        InvalidInput: a secret in clear.
    """
    entry = options.get("credentials", {}).get(name)
    if entry is None:
        raise NotFound(
            N_("there is no credential {name}"),
            hint=N_("add it under `credentials:` in dcctl.yml"),
            name=name or "(none)",
        )
    become = entry.get("become") or {}
    key = entry.get("key")
    return Login(
        username=str(entry.get("username", "")),
        password=_secret(entry.get("password"), base),
        key=base / Path(key).expanduser() if key else None,
        passphrase=_secret(entry.get("key_passphrase"), base),
        agent=bool(entry.get("agent", False)),
        become=bool(become),
        become_password=_secret(become.get("password"), base) if become else None,
        enable=_secret(entry.get("enable"), base),
        shell=str(entry.get("shell", "")),
    )


def _secret(reference: str | None, base: Path) -> Secret | None:
    return secrets.resolve(SecretRef.parse(reference), base=base) if reference else None


def private_root(context: Context) -> Path:
    """Where relative secret files and the site CA's lie; the lab has its own, never the site's."""
    root = Path(context.site_root)
    return root / ".dcctl" / "lab" if context.lab else root
