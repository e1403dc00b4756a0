"""Time and frequency: NTP, PTP, synchronous Ethernet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.ptp import Ptp
from dcctl.facts.synce import Frequency, FrequencySource
from dcctl.facts.time_sync import TimeSync
from dcctl.platforms._parsing import expect, number, own, text_of
from dcctl.platforms.cisco_xr._answers import HERE, absent
from dcctl.platforms.cisco_xr._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_PTP_STATES = {
    "phase_locked": "locked",
    "freq_locked": "acquiring",
    "freerun": "freerun",
    "holdover": "holdover",
}


def time_sync(outputs: Sequence[Output]) -> TimeSync:
    """Whether the clock follows a server."""
    status, associations = outputs
    if re.search(r"NTP (?:is )?(?:not (?:enabled|configured|running)|disabled)", text_of(status)):
        return TimeSync(synchronised=False)
    stated = re.search(
        r"^Clock is (synchronized|unsynchronized), stratum (\d+)", status.text, re.MULTILINE
    )
    expect(stated, status, "no clock state")
    records = own(HERE, "show_ntp_associations", associations)
    peer = next((record for record in records if "*" in record["mode"]), None)
    return TimeSync(
        synchronised=bool(stated and stated.group(1) == "synchronized"),
        servers=tuple(record["address"] for record in records if "~" in record["mode"]),
        source=peer["address"] if peer else "",
        stratum=int(stated.group(2)) if stated else None,
        offset_s=round(float(peer["offset"]) / 1000, 9) if peer else None,
    )


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    """The servo of the clock; None where no servo runs."""
    output = outputs[0]
    if absent(output):
        return None
    text = output.text
    status = re.search(r"^Servo status: (\w+)\s*$", text, re.MULTILINE)
    state = re.search(r"^Device status: ([A-Z_]+)\s*$", text, re.MULTILINE)
    offset = re.search(r"^Offset from master: +(-?\d+) secs, (-?\d+) nsecs\s*$", text, re.MULTILINE)
    expect(status and state and offset, output, "no servo state")
    if not (status and state and offset) or status.group(1) != "Running":
        return None
    word = state.group(1).lower()
    whole, part = (int(figure) for figure in offset.groups())
    return Ptp(state=_PTP_STATES.get(word, word), offset_ns=float(whole * 1_000_000_000 + part))


def synce(outputs: Sequence[Output]) -> Frequency | None:
    """Sources of frequency; what drives the outputs is the one that is selected."""
    output = outputs[0]
    if absent(output):
        return None
    records = own(HERE, "show_frequency_synchronization_interfaces_brief", output)
    expect(re.search(r"^Fl +Interface", output.text, re.MULTILINE), output, "no heading")
    drivers = {record["driven"] for record in records if record["driven"]}
    items = []
    for record in records:
        name, flags = record["interface"], record["flags"]
        selected = any(driver.split()[0] in (name, long_name(name)) for driver in drivers)
        items.append(
            FrequencySource(
                interface=long_name(name),
                selected=selected,
                state="up" if ">" in flags else "down",
                quality="" if record["quality"] == "n/a" else record["quality"],
                priority=number(record["priority"]) if record["priority"].isdigit() else None,
            )
        )
    return Frequency(items=tuple(items), state="locked" if any(i.selected for i in items) else "")
