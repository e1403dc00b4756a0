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
_STATES = {
    "PHASE_ALIGNED": "locked",
    "FREQ_LOCKED": "acquiring",
    "ACQUIRING": "acquiring",
    "HOLDOVER": "holdover",
    "FREERUN": "freerun",
    "-": "transparent",
}


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    """The running clock, and whom its slave port follows; None where none is set up."""
    output = outputs[0]
    if output.failed and _UNKNOWN.search(output.text):
        return None
    records = own(HERE, "show_ptp_clock_running", output)
    clocks = [record for record in records if record["state"]]
    if not text_of(output).strip():
        return None
    expect(len(clocks) == 1 and clocks[0]["domain"], output, "no clock, or several")
    above = [record["parent"] for record in records if record["role"] == "slave"]
    return Ptp(
        state=_STATES[clocks[0]["state"]],
        domain=int(clocks[0]["domain"]),
        parent=next(iter(above), ""),
    )


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
