"""Who may administer an EOS switch, from its running configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.platforms._access import central, destinations, methods, time_keys, weak_groups
from dcctl.platforms.arista_eos._answers import running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """EOS asks its own users where nothing else is configured."""
    text = running(outputs[0])
    asked = methods(text) or ["local"]
    kinds = central(text, asked)
    sampled = bool(re.search(r"^sflow run$", text, re.MULTILINE))
    targets = set(re.findall(r"^sflow (?:vrf \S+ )?destination (\S+)", text, re.MULTILINE))
    return DeviceAccess(
        central=kinds,
        local_fallback="local" in asked if kinds else None,
        console_login=(methods(text, "console") or asked) != ["none"],
        failures_limited=bool(
            re.search(r"^aaa authentication policy lockout failure \d+", text, re.MULTILINE)
        ),
        snmp_weak=weak_groups(text),
        changes_logged=True,  # each is a message: %SYS-5-CONFIG_I
        flow_collectors=(len(targets) if sampled else 0)
        + destinations(text, "flow tracking ", r"^ +collector (\S+)"),
        time_keys=time_keys(text),
        file_servers=(),  # EOS serves neither FTP nor TFTP
        control_plane="copp-system-policy",  # it can't be taken away, only changed
    )
