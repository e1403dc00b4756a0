"""Light and its errors: `show controllers optics *`, `show controllers coherentDSP *`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.fec import Fec, FecPort
from dcctl.facts.optics import Optic, Optics
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.cisco_xr._answers import absent
from dcctl.platforms.cisco_xr._names import port_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_NUMBER = r"-?\d+(?:\.\d+)?"
_PORT = re.compile(r"^ ?Port: +Optics(\d+(?:/\d+)+)\s*$", re.MULTILINE)
_LANE = re.compile(
    rf"^\s+(\d+)\s+({_NUMBER}|N/A)(?: (mA|%))?\s+({_NUMBER}|N/A)(?: dBm)?"
    rf"\s+({_NUMBER}|N/A)(?: dBm)?\s+\S.*$",
    re.MULTILINE,
)
_LANES = re.compile(r"^\s+Lane +Laser Bias +TX Power +RX Power +Output Frequency", re.MULTILINE)
_ONE = re.compile(rf"^\s+(?:Actual )?(TX|RX) Power *= *({_NUMBER} dBm|N/A)\s*$", re.MULTILINE)
_THRESHOLD = re.compile(
    rf"^\s+(Rx|Tx) Power Threshold\(dBm\)"
    rf"\s+({_NUMBER})\s+({_NUMBER})\s+({_NUMBER})\s+({_NUMBER})\s*$",
    re.MULTILINE,
)
_COPPER = re.compile(r"Optics [Tt]ype *:.*(?:BASE-T\b|COPPER|CU\d|Unavailable)", re.IGNORECASE)
_NO_LIGHT = -39.9  # dBm: what a receiver in the dark shows

_DSP = re.compile(r"^Port +: +CoherentDSP ?(\d+(?:/\d+)+)\s*$", re.MULTILINE)
_BER = r"^{kind} +BER +: +(\d\.\d+E[+-]\d+|NA|N/A)\s*$"


def optics(outputs: Sequence[Output]) -> Optics | None:
    """Every lane of every transceiver that has light; ports by their interfaces' names."""
    output, names = outputs[0], _names(outputs[1])
    if absent(output):
        return None
    blocks = _blocks(_PORT, output)
    items = [item for place, block in blocks for item in _lanes(place, block, names, output)]
    return Optics(items=tuple(items)) if items else None


def _lanes(place: str, block: str, names: list[str], output: Output) -> list[Optic]:
    expect(re.search(r"^ Controller State: ", block, re.MULTILINE), output, f"{place}: no state")
    if "Optics not present" in block or _COPPER.search(block):
        return []
    limits = {kind: [float(n) for n in numbers] for kind, *numbers in _THRESHOLD.findall(block)}
    expect(limits.keys() == {"Rx", "Tx"}, output, f"{place}: no thresholds")
    if _LANES.search(block):
        rows = [(int(n), b, unit, tx, rx) for n, b, unit, tx, rx in _LANE.findall(block)]
        expect(rows, output, f"{place}: no lane was understood")
    else:
        single = dict(_ONE.findall(block))
        expect(single.keys() == {"TX", "RX"}, output, f"{place}: no power in it")
        bias = re.search(rf"Laser Bias Current = ({_NUMBER}) (mA|%)", block)
        rows = [(0, *(bias.groups() if bias else ("", "")), single["TX"], single["RX"])]
    warm = re.search(rf"^\s+Temperature = ({_NUMBER}) Celsius", block, re.MULTILINE)
    lost = re.search(r"Detected LOS/LOL/FAULT:.*RX-LOS", block)
    return [
        _optic(
            port_of(place, names) or f"Optics{place}",
            row,
            limits,
            temperature=float(warm.group(1)) if warm else None,
            lost=bool(lost),
        )
        for row in rows
    ]


def _optic(
    name: str,
    row: tuple[int, str, str, str, str],
    limits: dict[str, list[float]],
    *,
    temperature: float | None,
    lost: bool,
) -> Optic:
    lane, bias, unit, sent, heard = row
    power = _value(heard)
    dark = power is None or power <= _NO_LIGHT
    rx, tx = (_limits(limits[kind]) for kind in ("Rx", "Tx"))
    return Optic(
        interface=name,
        lane=lane,
        rx_dbm=None if dark else power,
        tx_dbm=_value(sent),
        los=dark or lost,
        rx_high_alarm_dbm=rx[0],
        rx_low_alarm_dbm=rx[1],
        rx_high_warning_dbm=rx[2],
        rx_low_warning_dbm=rx[3],
        tx_high_alarm_dbm=tx[0],
        tx_low_alarm_dbm=tx[1],
        tx_high_warning_dbm=tx[2],
        tx_low_warning_dbm=tx[3],
        bias_ma=_value(bias) if unit == "mA" else None,
        temperature_c=temperature,
    )


def _limits(numbers: list[float]) -> list[float | None]:
    """High alarm, low alarm, high warning, low warning; a pair that is all zero is none at all."""
    kept: list[float | None] = list(numbers)
    for first in (0, 2):
        if numbers[first] == numbers[first + 1] == 0:
            kept[first : first + 2] = [None, None]
    return kept


def fec(outputs: Sequence[Output]) -> Fec | None:
    """Bit error rates before and after correction, of ports with a coherent processor.

    A router without any doesn't know the very word.
    """
    output, names = outputs[0], _names(outputs[1])
    if (output.failed and re.search(r"% ?Invalid", output.text)) or absent(output):
        return None
    items = []
    for place, block in _blocks(_DSP, output):
        before, after = (
            re.search(_BER.format(kind=kind), block, re.MULTILINE) for kind in ("PREFEC", "POSTFEC")
        )
        expect(before and after, output, f"{place}: no error rates")
        items.append(
            FecPort(
                interface=port_of(place, names) or f"CoherentDSP{place}",
                pre_fec_ber=_rate(before),
                post_fec_ber=_rate(after),
                q_margin_db=_value(_margin(block)),
            )
        )
    return Fec(items=tuple(items))


def _margin(block: str) -> str:
    match = re.search(rf"^Q-Margin +: +({_NUMBER}) dB", block, re.MULTILINE)
    return match.group(1) if match else ""


def _rate(match: re.Match[str] | None) -> float | None:
    return float(match.group(1)) if match and match.group(1)[0].isdigit() else None


def _blocks(head: re.Pattern[str], output: Output) -> list[tuple[str, str]]:
    """(place, text) of each port; nothing but blanks and rules may stand above the first."""
    parts = head.split(text_of(output))
    expect(len(parts) > 1 and not parts[0].strip("- \n"), output, "no port in it")
    places, texts = parts[1::2], parts[2::2]
    expect(len(set(places)) == len(places), output, "a port stands in it twice")
    return list(zip(places, texts, strict=True))


def _names(output: Output) -> list[str]:
    names = re.findall(r"^(\S+) is .*line protocol is", text_of(output), re.MULTILINE)
    expect(names, output, "no interface")
    return names


def _value(text: str) -> float | None:
    match = re.match(_NUMBER, text)
    return float(match.group()) if match else None
