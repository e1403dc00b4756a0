"""Time and frequency over the network: PTP, synchronous Ethernet.

Not every box has them: one that hasn't does not know the word.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.facts.ptp import Ptp
from dcctl.facts.synce import Frequency, FrequencySource
from dcctl.platforms._parsing import expect, own, text_of
from dcctl.platforms.cisco_xe._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_UNKNOWN = re.compile(r"% ?Invalid")
_CLOCK = re.compile(r"^ *([A-Z][^:\n]*?) *: *(\S.*?)?\s*$", re.MULTILINE)
_NO_CLOCK = ("", "Unknown")


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    """The clock, what it follows, and by its ports whether it does; None where none is set up."""
    clock, parent, brief = outputs
    if clock.failed and _UNKNOWN.search(clock.text):
        return None
    expect("PTP CLOCK INFO" in text_of(clock), clock, "no clock")
    said = dict(_CLOCK.findall(clock.text))
    expect("Clock Identity" in said and "PTP Device Type" in said, clock, "no identity")
    if said["PTP Device Type"] in _NO_CLOCK:
        return None
    expect("Steps Removed" in said and "Offset From Master(ns)" in said, clock, "no offset")
    expect("PTP PARENT PROPERTIES" in text_of(parent), parent, "no parent")
    above = dict(_CLOCK.findall(parent.text))
    master = above.get("Grandmaster Clock Identity", "")
    expect(master and above.get("Parent Clock Identity"), parent, "no identity")
    ports = own(HERE, "show_ptp_brief", brief)
    expect(ports, brief, "no port")
    states = {port["state"] for port in ports}
    return Ptp(
        state=_state(states, own_master=master == said["Clock Identity"]),
        profile=said.get("PTP Device Profile", ""),
        domain=int(said["Clock Domain"]),
        grandmaster=master,
        parent=above["Parent Clock Identity"],
        steps_removed=int(said["Steps Removed"]),
        offset_ns=float(said["Offset From Master(ns)"]),
    )


def _state(ports: set[str], *, own_master: bool) -> str:
    if "SLAVE" in ports:
        return "locked"
    if ports & {"UNCALIBRATED", "LISTENING"}:
        return "acquiring"
    return "freerun" if own_master else "unknown"


def synce(outputs: Sequence[Output]) -> Frequency | None:
    """Sources of frequency; None where only the box's own is left."""
    output = outputs[0]
    if output.failed and _UNKNOWN.search(output.text):
        return None
    records = own(HERE, "show_network-clocks_synchronization", output)
    chosen = re.search(r"^T0 : (\S+)\s*$", text_of(output), re.MULTILINE)
    expect(chosen and records, output, "no source")
    items = tuple(
        FrequencySource(
            interface=long_name(record["interface"]),
            selected=bool(record["mark"]),
            quality=record["quality"],
            priority=int(record["priority"]),
        )
        for record in records
        if record["interface"] != "Internal"
    )
    source = chosen.group(1) if chosen else ""
    marked = {long_name(record["interface"]) for record in records if record["mark"]}
    expect(marked == {long_name(source)}, output, "the source is another than what is marked")
    if not items:
        return None
    # By its own oscillator it may hold over or run free: this answer does not say which.
    return Frequency(items=items, state="" if source == "Internal" else "locked")
