"""`show interfaces transceiver detail`: one table a quantity, each with its four thresholds."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from dcctl.facts.optics import Optic, Optics
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.cisco_xe._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

# The heading of each table, and what it measures.
_TABLES = (
    (re.compile(r"Temperature"), "temperature"),
    (re.compile(r"Optical\s+Receive|Receive Power|Rx Power", re.IGNORECASE), "rx"),
    (re.compile(r"Optical\s+Transmit|Transmit Power|Tx Power", re.IGNORECASE), "tx"),
    (re.compile(r"Voltage"), "voltage"),
    (re.compile(r"Current"), "current"),
)
_ROW = re.compile(
    r"^(?P<port>[A-Z][A-Za-z]+[\d/.]+)\s+(?:(?P<lane>\d+|N/A)\s+)?(?P<value>-?[\d.]+|N/A|-inf|--)"
    r"\s*(?P<mark>[+\-]{0,2})\s+(?P<ha>-?[\d.]+|N/A)\s+(?P<hw>-?[\d.]+|N/A)"
    r"\s+(?P<lw>-?[\d.]+|N/A)\s+(?P<la>-?[\d.]+|N/A)\s*$"
)
_KNOWN = re.compile(
    r"calibrated|ITU Channel|[Nn]o transceiver|not applicable|Threshold\s+Threshold"
)
_NO_LIGHT = -39.0  # dBm: what a receiver in the dark shows is -40 or less

_Row = dict[str, str]


def optics(outputs: Sequence[Output]) -> Optics | None:
    """Every lane of every transceiver; None where there is none."""
    output = outputs[0]
    rows = _rows(output)
    items = []
    for port, lane in sorted(rows):
        tables = rows[port, lane]
        if "rx" not in tables and "tx" not in tables:
            continue
        receive, transmit = tables.get("rx", {}), tables.get("tx", {})
        power = _value(receive.get("value", ""))
        dark = bool(receive) and (power is None or power <= _NO_LIGHT)
        items.append(
            Optic(
                interface=port,
                lane=lane,
                rx_dbm=None if dark else power,
                tx_dbm=_value(transmit.get("value", "")),
                los=dark,
                rx_high_alarm_dbm=_value(receive.get("ha", "")),
                rx_high_warning_dbm=_value(receive.get("hw", "")),
                rx_low_warning_dbm=_value(receive.get("lw", "")),
                rx_low_alarm_dbm=_value(receive.get("la", "")),
                tx_high_alarm_dbm=_value(transmit.get("ha", "")),
                tx_high_warning_dbm=_value(transmit.get("hw", "")),
                tx_low_warning_dbm=_value(transmit.get("lw", "")),
                tx_low_alarm_dbm=_value(transmit.get("la", "")),
                bias_ma=_value(tables.get("current", {}).get("value", "")),
                temperature_c=_value(
                    rows.get((port, 0), {}).get("temperature", {}).get("value", "")
                ),
            )
        )
    known = not output.text.strip() or _KNOWN.search(output.text)
    expect(items or (not rows and known), output, "no power in it")
    return Optics(items=tuple(items)) if items else None


def _rows(output: Output) -> dict[tuple[str, int], dict[str, _Row]]:
    rows: dict[tuple[str, int], dict[str, _Row]] = defaultdict(dict)
    table = ""
    for line in text_of(output).splitlines():
        match = _ROW.match(line)
        if match:
            expect(table, output, f"a row before any heading: {line}")
            lane = match["lane"]
            key = (long_name(match["port"]), int(lane) if lane and lane.isdigit() else 0)
            rows[key][table] = match.groupdict()
            continue
        heading = next((name for pattern, name in _TABLES if pattern.search(line)), "")
        if heading:
            table = heading
        expect(
            heading or not line.strip() or _prose(line), output, f"a line that fits nothing: {line}"
        )
    return rows


def _prose(line: str) -> bool:
    """Legends, units, rulers: lines that name no port at their start."""
    return not re.match(r"[A-Z][A-Za-z]+\d+[/\d.]*\s", line) and not re.search(
        r"[^\x20-\x7e]|^% ", line
    )


def _value(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[\d.]+", text) else None
