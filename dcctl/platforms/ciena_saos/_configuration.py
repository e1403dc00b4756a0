"""What a SAOS configuration says of how the switch is managed.

`configuration show` leaves defaults out, and no public document lists them: what it does not say
is not guessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.platforms._configuration import complete, digests, first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_WHOLE = (r"^! .* Configuration File", r"^! SYSTEM CONFIG:", r"^!\s*\Z")  # its beginning and end
_HASHED = re.compile(r"\$[156]\$|#")  # what is not typed in clear begins so
_PROTOCOLS = {"tacacs": "tacacs", "radius": "radius"}


def _text(output: Output) -> str:
    return complete(output, *_WHOLE)


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors; a secured one has a profile of TLS."""
    text = _text(outputs[0])
    found = re.findall(r"^syslog create collector (\S+)(.*)$", text, re.MULTILINE)
    return Logging(
        destinations=tuple(
            LogDestination(host=host, protocol="udp", tls="tls" in rest) for host, rest in found
        )
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as far as it is configured."""
    text = _text(outputs[0])
    users = re.findall(
        r"^user (?:create user |set user )?(\S+) access-level .*\bsecret (\S+)", text, re.MULTILINE
    )
    return Management(
        hostname=first(r"^system set host-name (\S+)", text).strip('"'),
        ssh_version=2 if re.search(r"^ssh server enable", text, re.MULTILINE) else None,
        telnet=_switch(text, "telnet server"),
        access_list=None,
        login_banner=bool(re.search(r"^system shell banner create ", text, re.MULTILINE)),
        snmp_communities=digests(
            re.findall(r"^snmp create community-index \S+ community (\S+)", text, re.MULTILINE)
        ),
        root_login=False,  # SAOS knows no root; who is who is in `users`
        users=tuple(dict.fromkeys(name for name, _ in users)),
        plain_passwords=tuple(name for name, secret in users if not _HASHED.match(secret)),
    )


def _switch(text: str, what: str) -> bool | None:
    stated = re.findall(rf"^{what} (enable|disable)$", text, re.MULTILINE)
    return stated[-1] == "enable" if stated else None


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """Who is asked, in the order of their priority."""
    text = _text(outputs[0])
    methods = sorted(
        re.findall(r"^user auth set priority (\d+) method (\S+)", text, re.MULTILINE),
        key=lambda one: int(one[0]),
    )
    names = [name for _, name in methods]
    kinds = tuple(
        _PROTOCOLS[name]
        for name in names
        if name in _PROTOCOLS and re.search(rf"^{name} add server ", text, re.MULTILINE)
    )
    groups = re.findall(
        r"^snmp create access-entry (\S+) sec-model \S+ sec-level (\S+)", text, re.MULTILINE
    )
    return DeviceAccess(
        central=kinds,
        local_fallback="local" in names if kinds else None,
        snmp_weak=tuple(dict.fromkeys(name for name, level in groups if level != "authPriv")),
    )
