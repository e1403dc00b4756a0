"""The clocks: PTP, the frequency of synchronous Ethernet, NTP."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.facts.ptp import Ptp
from dcctl.facts.synce import Frequency, FrequencySource
from dcctl.facts.time_sync import TimeSync
from dcctl.platforms._parsing import expect, number, own, text_of
from dcctl.platforms.huawei_vrp._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    """The PTP clock."""
    output = outputs[0]
    if output.failed and "PTP is not enabled" in output.text:
        return None
    text = text_of(output)
    state = _stated(text, "PTP state")
    expect(state in ("enabled", "disabled"), output, "no PTP state")
    if state != "enabled":
        return None
    followed = re.search(r"^\s*\S+\s+slave\s", text, re.MULTILINE)
    locked = _stated(text, "Time lock success") == "yes"
    offset = re.search(r"Realtime\(T2-T1\)\s*:(-?\d+)", text)
    return Ptp(
        state="locked" if locked else "acquiring" if followed else "freerun",
        profile=_stated(text, "PTP profile") or _stated(text, "Profile"),
        domain=number(_stated(text, "Domain\\s+value")),
        grandmaster=_stated(text, "Grand clock ID"),
        parent=_stated(text, "Parent clock ID"),
        steps_removed=number(_stated(text, "Step removed")),
        offset_ns=float(offset[1]) if offset else None,
    )


def _stated(text: str, name: str) -> str:
    found = re.search(rf"{name}\s*:[ ]*(\S+)", text)
    return found[1].lower() if found else ""


_TRACE = {"lock": "locked", "hold": "holdover", "free": "freerun"}


def synce(outputs: Sequence[Output]) -> Frequency | None:
    """Where the frequency comes from."""
    output = outputs[0]
    records = own(HERE, "display_clock_source", output)
    stated = re.search(r"System trace source State:\s+(\w+)", text_of(output))
    expect(stated, output, "no state")
    current = re.search(r"Current system trace source:\s+(\S+)", output.text)
    chosen = long_name(current[1]).lower() if current else ""
    items = [
        FrequencySource(
            interface=long_name(record["source"]),
            selected=long_name(record["source"]).lower() == chosen,
            state=record["state"],
            quality=record["in_ssm"].strip("-").upper(),
            priority=number(record["priority"].partition("/")[0].strip("- ")),
        )
        for record in records
    ]
    state = _TRACE.get(stated[1].lower(), stated[1].lower()) if stated else ""
    return Frequency(items=tuple(items), state=state)


def time_sync(outputs: Sequence[Output]) -> TimeSync:
    """Whether the clock follows a server; the servers are those of the configuration."""
    status, running = text_of(outputs[0]), text_of(outputs[1])
    stated = re.search(r"^\s*clock status:\s+(synchronized|unsynchronized)", status, re.MULTILINE)
    expect(stated, outputs[0], "no clock state")
    servers = re.findall(
        r"^ntp(?:-service)? (?:unicast-server|unicast-peer) (?:ipv6 )?(\S+)", running, re.MULTILINE
    )
    source = re.search(r"^\s*reference clock ID:\s+(\S+)", status, re.MULTILINE)
    offset = re.search(r"^\s*clock offset:\s+(-?[\d.]+)\s*ms", status, re.MULTILINE)
    synchronised = bool(stated) and (stated[1] == "synchronized" if stated else False)
    return TimeSync(
        synchronised=synchronised,
        servers=tuple(dict.fromkeys(servers)),
        source=source[1] if source and synchronised else "",
        stratum=number(re.sub(r"(?s).*clock stratum:\s+(\d+).*", r"\1", status)),
        offset_s=round(float(offset[1]) / 1000, 9) if offset and synchronised else None,
    )
