"""The host beneath a device's own command line: FRR's vtysh runs on Debian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dcctl import platforms
from dcctl.errors import NotFound
from dcctl.model.target import Target
from dcctl.text import N_


def host_of(target: Target, options: Mapping[str, Any]) -> Target:
    """`target` as the host beneath it, reached with its credential's `shell`, or as it is.

    Raises:
        NotFound: its credential names no shell account.
    """
    beneath = platforms.get(target.platform).beneath if target.managed else ""
    if not beneath:
        return target
    name = target.connection.credential
    shell = (options.get("credentials", {}).get(name) or {}).get("shell")
    if not shell:
        raise NotFound(
            N_("{name}: credential {credential} names no shell account"),
            hint=N_("give it `shell: NAME`, a credential that logs in to the host's shell"),
            name=target.name,
            credential=name,
        )
    return replace(
        target, platform=beneath, connection=replace(target.connection, credential=str(shell))
    )
