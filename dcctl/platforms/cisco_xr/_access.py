"""Who may administer an IOS XR router, from its running configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.platforms._access import (
    below,
    central,
    destinations,
    methods,
    time_keys,
    weak_groups,
)
from dcctl.platforms._configuration import complete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_WHOLE = (r"^hostname ", r"^end\s*\Z")


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """IOS XR asks its own users where nothing else is configured."""
    text = complete(outputs[0], *_WHOLE)
    asked = methods(text) or ["local"]
    kinds = central(text, asked)
    return DeviceAccess(
        central=kinds,
        local_fallback="local" in asked if kinds else None,
        console_login=all(_asks(text, line) for line in below(text, "line console")),
        failures_limited=any(
            re.search(r"^ +(?:authen-max-attempts|lockout-time) ", part, re.MULTILINE)
            for part in below(text, "aaa password-policy ")
        ),
        snmp_weak=weak_groups(text),
        changes_logged=True,  # each commit is a message: %MGBL-CONFIG-6-DB_COMMIT
        flow_collectors=destinations(text, "flow exporter-map ", r"^ +destination (\S+)"),
        time_keys=time_keys("\n".join(below(text, r"ntp$")), r"^ +(?:server|peer) (\S.*)$"),
        file_servers=tuple(
            dict.fromkeys(
                re.findall(r"^(ftp|tftp) (?:vrf \S+ )?ipv[46] server", text, re.MULTILINE)
            )
        ),
        control_plane="LPTS",  # it polices whatever its configuration says
    )


def _asks(text: str, line: str) -> bool:
    named = re.search(r"^ +login authentication (\S+)", line, re.MULTILINE)
    return methods(text, named.group(1) if named else "default") != ["none"]
