"""What the configuration says of logging and of how the router is managed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.platforms._configuration import digests
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.nokia_sros import _tree
from dcctl.platforms.nokia_sros._tree import TornError, Tree, at, entries, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_HASHED = re.compile(r"\$(?:2[aby]|5|6)\$")
_IDLE_S = 30 * 60  # where nothing is said
_SYSLOG_PORT = 514


def read(output: Output) -> Tree:
    """The configuration as a tree.

    Raises:
        Unparsed: not all of it is there.
    """
    try:
        tree, odd = _tree.parse(text_of(output))
    except TornError as error:
        expect(False, output, str(error))  # noqa: FBT003 - always
        raise
    expect(not odd, output, odd[0][:80] if odd else "")
    expect(value(at(tree, "system"), "name"), output, "not a whole configuration")
    return tree


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors that a log is sent to, and whether a log is kept in a file."""
    log = at(read(outputs[0]), "log")
    used = {value(at(below, "destination"), "syslog") for _, below in entries(log, "log-id")}
    files = [True for _, below in entries(log, "log-id") if value(at(below, "destination"), "file")]
    return Logging(
        destinations=tuple(
            LogDestination(
                host=value(below, "address"),
                port=int(value(below, "port", str(_SYSLOG_PORT))),
                protocol="tcp" if value(below, "tls-client-profile") else "udp",
                tls=bool(value(below, "tls-client-profile")),
            )
            for name, below in entries(log, "syslog")
            if name in used and value(below, "address")
        ),
        persistent=bool(files),
        timestamps=True,  # SR OS always writes hundredths of a second
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    system = at(read(outputs[0]), "system")
    security, login = at(system, "security"), at(system, "login-control")
    users = list(entries(at(security, "user-params", "local-user"), "user"))
    idle = value(login, "idle-timeout")
    return Management(
        hostname=value(system, "name"),
        ssh_version=None if value(at(security, "ssh"), "server-admin-state") == "disable" else 2,
        telnet=value(security, "telnet-server") == "true",
        http=False,  # SR OS has no web server
        root_login=False,  # and knows no root; who is who is in `users`
        password_encryption=all(_HASHED.match(value(below, "password")) for _, below in users),
        idle_timeout_s=_idle(idle),
        login_banner=bool(value(at(login, "pre-login-message"), "message")),
        access_list=_access(security),
        snmp_communities=digests(name for name, _ in entries(at(security, "snmp"), "community")),
        users=tuple(name for name, _ in users),
        plain_passwords=tuple(
            name for name, below in users if not _HASHED.match(value(below, "password"))
        ),
    )


def _idle(stated: str) -> int:
    if stated in ("none", "disable"):
        return 0
    return int(stated) * 60 if stated.isdecimal() else _IDLE_S


def _access(security: Tree) -> str:
    """The filter that limits management sessions, if it is on."""
    filters = at(security, "management-access-filter", "ip-filter")
    enabled = filters.statements and value(filters, "admin-state", "enable") != "disable"
    return "management-access-filter" if enabled else ""
