"""Who may administer a network element, and what is told of it, as its configuration has it.

None: the platform can't say.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAccess:
    """Names only: neither keys nor passwords nor communities."""

    central: tuple[str, ...] = ()  # tacacs, radius, ldap that logins are asked of; none: local only
    local_fallback: bool | None = None  # whether one gets in when those don't answer
    console_login: bool | None = None
    failures_limited: bool | None = None
    snmp_weak: tuple[str, ...] = ()  # groups and users that need no encryption
    changes_logged: bool | None = None
    flow_collectors: int | None = None
    time_keys: bool | None = None  # whether its time servers must prove who they are
    file_servers: tuple[str, ...] | None = None  # those that ask for passwords in clear: ftp, tftp
    control_plane: str | None = None  # what limits what reaches its processor; empty: nothing


FACT = DeviceAccess
