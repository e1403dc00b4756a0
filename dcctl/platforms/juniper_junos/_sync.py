"""Time and frequency over the network, as Junos tells them to people: it documents no other form.

Sources: Juniper, "show ptp lock-status", "show chassis synchronization".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.ptp import Ptp
from dcctl.facts.synce import Frequency, FrequencySource
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.juniper_junos._json import absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_LINE = re.compile(r" *([A-Z][\w/ ().-]*?) *: *(.*?) *")
_HEADING = re.compile(r"(?:Lock Status|Selected Master Details|Configured \w+):\s*")
_PTP_STATES = {
    "phase aligned": "locked",
    "freq locked": "acquiring",
    "acquiring": "acquiring",
    "initializing": "acquiring",
    "freerun": "freerun",
    "holdover": "holdover",
}
_CLOCK_STATES = ("locked", "holdover", "freerun", "acquiring")


def _told(text: str, output: Output) -> dict[str, str]:
    """What each line says; headings say nothing, and no other line stands there."""
    told = {}
    for line in text.splitlines():
        if not line.strip() or _HEADING.fullmatch(line):
            continue
        said = _LINE.fullmatch(line)
        expect(said, output, f"a line that fits nothing: {line.strip()[:60]}")
        if said:
            told[said.group(1)] = said.group(2)
    return told


def ptp(outputs: Sequence[Output]) -> Ptp | None:
    """Whether the clock is aligned to its master, and how closely."""
    output = outputs[0]
    if absent(output):
        return None
    expect(re.search(r"^Lock Status:", text_of(output), re.MULTILINE), output, "no lock status")
    said = _told(output.text, output)
    word = re.fullmatch(r"(?:\d+ *)?\(?([A-Za-z ]+?)\)?", said.get("Lock State", ""))
    state = _PTP_STATES.get(word.group(1).lower() if word else "")
    expect(state, output, "no lock state")
    offset = re.fullmatch(r"(-?\d+(?:\.\d+)?) sec", said.get("Phase offset", ""))
    expect(offset or not said.get("Phase offset"), output, "an offset that is no number")
    return Ptp(
        state=state or "",
        parent=said.get("Upstream Master address", ""),
        offset_ns=round(float(offset.group(1)) * 1e9, 3) if offset else None,
    )


def synce(outputs: Sequence[Output]) -> Frequency | None:
    """Sources of frequency, and whether the clock is locked to one of them."""
    output = outputs[0]
    if absent(output):
        return None
    head, *blocks = re.split(r"^(?=Interface +:|Name +:)", text_of(output), flags=re.MULTILINE)
    said = _told(head, output)
    state = said.get("Current clock status", "").lower()
    expect(state in _CLOCK_STATES, output, "no clock status")
    chosen = said.get("Clock locked to", "").lower()
    items = tuple(_source(block, chosen, output) for block in blocks)
    return Frequency(items=items, state=state) if items else None


def _source(block: str, chosen: str, output: Output) -> FrequencySource:
    said = _told(block, output)
    status = said.get("Status", "").lower()
    name = said.get("Interface") or said.get("Name", "")
    expect(name, output, "a source without name")
    priority = re.search(r"\d+", said.get("Priority", ""))
    return FrequencySource(
        interface=name,
        selected=bool(status) and status == chosen,
        state=said.get("Clock source state", status).lower(),
        quality=said.get("ESMC QL") or said.get("Configured QL", ""),
        priority=int(priority.group()) if priority else None,
    )
