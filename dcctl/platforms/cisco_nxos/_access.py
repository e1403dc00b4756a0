"""Who may administer an NX-OS switch, from its running configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.platforms._access import below, central, destinations, methods, time_keys
from dcctl.platforms.cisco_nxos._settings import running
from dcctl.secrets import REDACTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """NX-OS asks its own users where nothing else is configured, and when servers are silent."""
    text = running(outputs[0])
    asked = methods(text) or ["local"]
    kinds = central(text, asked)
    fallback = not re.search(
        r"^no aaa authentication login default fallback error local", text, re.MULTILINE
    )
    return DeviceAccess(
        central=kinds,
        local_fallback=("local" in asked or fallback) if kinds else None,
        console_login=(methods(text, "console") or asked) != ["none"],
        failures_limited=bool(re.search(r"^login block-for \d+ attempts \d+", text, re.MULTILINE)),
        snmp_weak=_weak(text),
        changes_logged=True,  # each is a message: %VSHD-5-VSHD_SYSLOG_CONFIG_I
        flow_collectors=destinations(text, "flow exporter ", r"^ +destination (\S+)"),
        time_keys=time_keys(text),
        file_servers=(),  # NX-OS serves neither FTP nor TFTP
        control_plane=_policed(text),
    )


def _policed(text: str) -> str:
    """The policy on the control plane: one of Cisco's profiles, or one's own."""
    profile = re.search(r"^copp profile (\S+)", text, re.MULTILINE)
    own = [
        policy
        for part in below(text, "control-plane")
        for policy in re.findall(r"^ +service-policy input (\S+)", part, re.MULTILINE)
    ]
    return ", ".join(own) or (profile.group(1) if profile else "")


def _weak(text: str) -> tuple[str, ...]:
    """Users of SNMP without encryption; `globalEnforcePriv` asks it of everybody.

    A further role of a user stands in a line of its own, without his keys. In an answer that was
    kept all names are blanked out, and such a line could be anybody's: it counts as weak then.
    """
    if re.search(r"^snmp-server globalEnforcePriv", text, re.MULTILINE):
        return ()
    users = re.findall(r"^snmp-server user (\S+)(.*)$", text, re.MULTILINE)
    keyed = {name for name, rest in users if " auth " in rest} - {REDACTED}
    weak = [
        name
        for name, rest in users
        if (" priv " not in rest if " auth " in rest else name not in keyed)
    ]
    return tuple(dict.fromkeys(weak))
