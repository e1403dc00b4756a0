"""`display interface transceiver verbose` (VRP8), `display transceiver verbose` (VRP5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.optics import Optic, Optics
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.huawei_vrp._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_HEAD = re.compile(r"^(\S+) transceiver information:[ ]*$", re.MULTILINE)
_ROW = re.compile(r"^\s+(\w[\w. /]*?)\s*(?:\(([^()]*)\))?\s*:(.*)$")
_MORE = re.compile(r"^\s+(-?[\d.]+(?:\|-?[\d.]+)*)\(Lane\d+(?:\|Lane\d+)*\)\s*$")
_IDLE = re.compile(
    r"^\s*$|^\s*-+\s*$|^\s*\w+ information:\s*$|^\s+\w[\w ]*(?:[Aa]larm|[Ww]arning|[Ff]ault)\s*$"
)
_DARK = -39.0  # dBm: a receiver without light shows -40


def optics(outputs: Sequence[Output]) -> Optics | None:
    """Every lane of every transceiver that measures itself.

    Two commands, one for each generation: the one that this device has is read.
    """
    output = next((one for one in outputs if not one.failed), outputs[0])
    text = text_of(output).replace("\r", "")
    if re.match(r"\s*Info:.*\bno\b.*(?:transceiver|module)", text, re.IGNORECASE):
        return None
    heads = list(_HEAD.finditer(text))
    expect(heads and not text[: heads[0].start()].strip("- \n"), output, "no transceiver in it")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found = [
        optic
        for head, end in zip(heads, ends, strict=True)
        for optic in _lanes(long_name(head[1]), _rows(output, text[head.end() : end]))
    ]
    return Optics(items=tuple(found)) if found else None


def _rows(output: Output, body: str) -> dict[str, list[str]]:
    """The values by what they are called; a value for each lane."""
    rows: dict[str, list[str]] = {}
    last = ""
    for line in body.split("\n"):
        more = _MORE.match(line)
        if more and last:
            rows[last] += more[1].split("|")
            continue
        row = _ROW.match(line)
        expect(row or _IDLE.match(line), output, line.strip()[:60])
        last = row[1].lower() if row else ""
        if row:
            rows.setdefault(last, re.sub(r"\(Lane.*", "", row[3].strip()).split("|"))
    return rows


def _lanes(name: str, rows: dict[str, list[str]]) -> list[Optic]:
    received, sent = rows.get("current rx power", []), rows.get("current tx power", [])
    bias, heat = rows.get("bias current", []), rows.get("temperature", [])
    if not received or len(received) != len(sent):
        return []  # a module without diagnostics
    return [
        Optic(
            interface=name,
            lane=lane,
            rx_dbm=None if _dark(power) else _value([power]),
            tx_dbm=_value(sent[lane:]),
            los=_dark(power),
            rx_low_alarm_dbm=_value(rows.get("default rx power low threshold", [])),
            rx_high_alarm_dbm=_value(rows.get("default rx power high threshold", [])),
            tx_low_alarm_dbm=_value(rows.get("default tx power low threshold", [])),
            tx_high_alarm_dbm=_value(rows.get("default tx power high threshold", [])),
            bias_ma=_value(bias[lane:]),
            temperature_c=_value(heat),
        )
        for lane, power in enumerate(received)
    ]


def _dark(power: str) -> bool:
    value = _value([power])
    return value is None or value <= _DARK


def _value(fields: Sequence[str]) -> float | None:
    return float(fields[0]) if fields and re.fullmatch(r"-?\d[\d.]*", fields[0]) else None
