"""Who may administer an IOS XE router, from its running configuration."""

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
_LIMITS = r"^(?:login block-for \d+ attempts|aaa local authentication attempts max-fail) \d+"


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """Without `aaa new-model` nothing is asked centrally, and lines decide for themselves."""
    text = complete(outputs[0], *_WHOLE)
    model = bool(re.search(r"^aaa new-model$", text, re.MULTILINE))
    asked = (methods(text) or []) if model else []
    kinds = central(text, asked)
    return DeviceAccess(
        central=kinds,
        local_fallback=any(word.startswith("local") for word in asked) if kinds else None,
        console_login=all(
            _asks(text, line, model=model) for line in below(text, r"line (?:con|aux)")
        ),
        failures_limited=bool(re.search(_LIMITS, text, re.MULTILINE)),
        snmp_weak=weak_groups(text),
        changes_logged=any(
            re.search(r"^ +logging enable$", part, re.MULTILINE) for part in below(text, "archive")
        ),
        flow_collectors=destinations(text, "flow exporter ", r"^ +destination (\S+)")
        + len(set(re.findall(r"^ip flow-export destination (\S+)", text, re.MULTILINE))),
        time_keys=time_keys(text),
        file_servers=("tftp",) if re.search(r"^tftp-server ", text, re.MULTILINE) else (),
        control_plane=", ".join(
            policy
            for part in below(text, "control-plane")
            for policy in re.findall(r"^ +service-policy input (\S+)", part, re.MULTILINE)
        ),
    )


def _asks(text: str, line: str, *, model: bool) -> bool:
    """Whether a line asks for a login; one that starts no session needs none."""
    if re.search(r"^ +(?:no exec|transport input none\n +no exec)", line, re.MULTILINE):
        return True
    if not model:
        return bool(re.search(r"^ +login\b", line, re.MULTILINE))
    named = re.search(r"^ +login authentication (\S+)", line, re.MULTILINE)
    asked = methods(text, named.group(1) if named else "default")
    return bool(asked) and asked != ["none"]
