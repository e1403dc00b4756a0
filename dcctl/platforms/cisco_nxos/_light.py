"""`show interface transceiver details`: a block a lane, each quantity with its four limits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.optics import Optic, Optics
from dcctl.platforms._parsing import Record, expect, ntc, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_NO_LIGHT = -36.0  # dBm: NX-OS writes N/A, or less than this, for a receiver in the dark


def optics(outputs: Sequence[Output]) -> Optics | None:
    """Every lane of every transceiver; None where there is none."""
    output = outputs[0]
    text = text_of(output)
    # The lanes of a coherent plug follow a block without light: what they share.
    blocks = len(re.findall(r"^\s+Rx Power\s", text, re.MULTILINE))
    present = re.search(r"transceiver is (?:not )?(?:present|applicable)", text)
    records = [
        one
        for one in ntc("cisco_nxos_show_interface_transceiver_details", output)
        if one["rx_value"] or one["tx_value"]
    ]
    expect(present and len(records) == blocks, output, "not every transceiver was understood")
    items = [_lane(record) for record in records]
    return Optics(items=tuple(items)) if items else None


def _lane(record: Record) -> Optic:
    power = _value(record["rx_value"])
    dark = power is None or power <= _NO_LIGHT
    return Optic(
        interface=record["interface"],
        lane=int(record["lane"] or 0),
        rx_dbm=None if dark else power,
        tx_dbm=_value(record["tx_value"]),
        los=dark,
        bias_ma=_value(record["amps_value"]),
        temperature_c=_value(record["temperature_value"]),
        rx_high_alarm_dbm=_value(record["rx_alarm_high"]),
        rx_high_warning_dbm=_value(record["rx_warn_high"]),
        rx_low_warning_dbm=_value(record["rx_warn_low"]),
        rx_low_alarm_dbm=_value(record["rx_alarm_low"]),
        tx_high_alarm_dbm=_value(record["tx_alarm_high"]),
        tx_high_warning_dbm=_value(record["tx_warn_high"]),
        tx_low_warning_dbm=_value(record["tx_warn_low"]),
        tx_low_alarm_dbm=_value(record["tx_alarm_low"]),
    )


def _value(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[-+]?\d+\.\d+", text) else None
