"""Ports: state, addresses, counters and light, from `show port detail` and its companions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.optics import Optic, Optics
from dcctl.platforms._parsing import expect, ntc, number, text_of
from dcctl.platforms.nokia_sros._text import nothing, pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.contracts import Output

_PORT = re.compile(r"[\dA-Za-z-]+(?:/[\dA-Za-z-]+)+")
_BEGIN = re.compile(r"(?m)^Interface\s+: (?P<port>\S+)")
_CONNECTOR = re.compile(r"/c\d+$")  # the cage that ports break out of: 1/1/c1 of 1/1/c1/1
_UNITS = {"k": 10**3, "M": 10**6, "G": 10**9}
_UTILIZATION = r"\s*Utilization \(\d+ seconds\)\s+([\d.]+)%\s+([\d.]+)%"
_THRESHOLDS = 5  # value, and four of them
_NO_LIGHT = -39.0  # dBm; SR OS shows -40 where there is none


@dataclass(slots=True)
class _Port:
    """One port's part of the answer."""

    name: str
    stated: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def _split(output: Output) -> list[_Port]:
    """The answer cut at every port. Its description stands on the line above its name."""
    lines = text_of(output).splitlines()
    starts = [n for n, line in enumerate(lines) if _BEGIN.match(line)]
    expect(starts, output, "no port")
    found = []
    begins = [n - 1 if lines[n - 1].startswith("Description") else n for n in starts]
    for begin, start, end in zip(begins, starts, [*begins[1:], len(lines)], strict=True):
        match = _BEGIN.match(lines[start])
        assert match is not None  # noqa: S101 - a start
        part = _Port(name=match["port"], lines=lines[begin:end])
        for name, stated in pairs(part.lines):
            part.stated.setdefault(name, stated)
        missing = {"Admin State", "Oper State"} - part.stated.keys()
        expect(not missing, output, f"{part.name}: no {', '.join(sorted(missing))}")
        found.append(part)
    return found


def _bits(text: str) -> int | None:
    match = re.match(r"([\d.]+) ?([kMG])bps", text)
    return int(float(match[1]) * _UNITS[match[2]]) if match else None


def _counters(part: _Port, label: str) -> tuple[int | None, int | None]:
    """Input and output of a row of the statistics."""
    row = re.compile(rf"\s*{label}\s+(\d+)(?:\s+(\d+))?\s*$")
    for line in part.lines:
        match = row.match(line)
        if match:
            return int(match[1]), number(match[2])
    return None, None


def interfaces(outputs: Sequence[Output]) -> Interfaces:
    """Every port with the addresses of what routes on it; other interfaces by their own names."""
    ports = [part for part in _split(outputs[0]) if not _CONNECTOR.search(part.name)]
    routed = ntc("alcatel_sros_show_router_interface", outputs[1])
    stated = re.search(r"(?m)^Interfaces : (\d+)", text_of(outputs[1]))
    expect(stated and int(stated[1]) == len(routed), outputs[1], "not every interface")
    on_port: dict[str, list[str]] = {}
    for row in routed:
        on_port.setdefault(row["port_sap_id"], []).extend(row["ip_address"])
    names = {part.name for part in ports}
    items = [_interface(part, on_port.get(part.name, [])) for part in ports]
    items += [
        Interface(
            name=row["interface"]
            if row["port_sap_id"] in ("n/a", "system", "loopback")
            else row["port_sap_id"],
            admin_up=row["admin_state"] == "Up",
            oper_up="Up" in (row["oper_state_v4"], row["oper_state_v6"]),
            addresses=tuple(row["ip_address"]),
        )
        for row in routed
        if row["port_sap_id"] not in names
    ]
    return Interfaces(items=tuple(items))


# Bytes of a frame that are no payload, by the port's encapsulation.
_HEADERS = {"null": 14, "802.1q": 18, "dot1q": 18, "qinq": 22}


def _rates(part: _Port) -> tuple[int | None, int | None]:
    """Input and output, of the share of its speed that SR OS tells (in hundredths of a percent)."""
    speed = _bits(part.stated.get("Oper Speed", ""))
    shares = (re.match(_UTILIZATION, line) for line in part.lines)
    found = next((match for match in shares if match), None)
    if found is None or speed is None:
        return None, None
    into, out = (round(speed * float(share) / 100) for share in found.groups())
    return into, out


def _payload(stated: Mapping[str, str]) -> int | None:
    """What a packet may hold: SR OS counts the Ethernet header, and the tags of the port, too."""
    frame = number(stated.get("MTU") or stated.get("Oper MTU"))
    header = _HEADERS.get(stated.get("Encap Type", "").lower())
    return frame - header if frame is not None and header is not None else frame


def _interface(part: _Port, addresses: list[str]) -> Interface:
    in_bps, out_bps = _rates(part)
    in_errors, out_errors = _counters(part, "Errors")
    in_discards, out_discards = _counters(part, "Discards")
    stated = part.stated
    return Interface(
        name=part.name,
        admin_up=stated["Admin State"].lower() == "up",
        oper_up=stated["Oper State"].lower() == "up",
        description=stated.get("Description", ""),
        mtu=_payload(stated),
        speed_bps=_bits(stated.get("Oper Speed", "")),
        addresses=tuple(addresses),
        mac=stated.get("Hardware Address", ""),
        in_errors=in_errors,
        out_errors=out_errors,
        crc_errors=number(stated.get("FCS Errors") or stated.get("CRC/Align Errors")),
        in_discards=in_discards,
        out_discards=out_discards,
        in_bps=in_bps,
        out_bps=out_bps,
    )


# --- light --------------------------------------------------------------------------------------

_ROW = re.compile(
    r"(?P<name>Temperature|Tx Bias Current|Tx Output Power|Rx Optical Power)[^(]*\([^)]*\)"
    r"(?P<numbers>(?:\s+(?:[+-]?\d+(?:\.\d+)?[!*]*|-inf|N/A|-))+)\s*"
)
_LANE_LIMITS = re.compile(
    r"Lane (?P<name>Tx Bias Current|Tx Output Power|Rx Optical Pwr|Rx Optical Power)[^(]*\([^)]*\)"
    r"(?P<numbers>(?:\s+(?:[+-]?\d+(?:\.\d+)?|N/A|-))+)\s*"
)
_LANE = re.compile(
    r"\s+(?P<lane>\d+)\s+(?P<temperature>\S+)\s+(?P<bias>\S+)\s+(?P<tx>\S+)\s+(?P<rx>\S+)\s*"
)


def _float(text: str) -> float | None:
    match = re.match(r"[+-]?\d+(?:\.\d+)?", text)
    return float(match[0]) if match else None


def _limits(name: str, numbers: list[float | None]) -> dict[str, float | None]:
    keys = ("high_alarm", "high_warning", "low_warning", "low_alarm")
    return {f"{name}_{key}_dbm": stated for key, stated in zip(keys, numbers, strict=True)}


def optics(outputs: Sequence[Output]) -> Optics | None:
    (output,) = outputs
    items: list[Optic] = []
    parts = _split(output)
    for part in parts:
        if any("Digital Diagnostic Monitoring" in line for line in part.lines):
            found = _lanes(part, output) or _single(part, output)
            expect(found, output, f"{part.name}: no light")
            broken_out = [one.name for one in parts if one.name.startswith(f"{part.name}/")]
            items += _shared(found, broken_out)
    return Optics(items=tuple(items)) if items else None


def _shared(lanes: list[Optic], ports: list[str]) -> list[Optic]:
    """The light of a connector, given to the ports that break out of it."""
    if len(ports) == 1:
        return [replace(lane, interface=ports[0]) for lane in lanes]
    if len(ports) == len(lanes):
        return [replace(lane, interface=port) for lane, port in zip(lanes, ports, strict=True)]
    return lanes


def _single(part: _Port, output: Output) -> list[Optic]:
    table: dict[str, list[float | None]] = {}
    for line in part.lines:
        match = _ROW.fullmatch(line)
        if match:
            numbers = [_float(word) for word in match["numbers"].split()]
            expect(len(numbers) == _THRESHOLDS, output, line.strip())
            table[match["name"]] = numbers
    if not {"Tx Output Power", "Rx Optical Power"} <= table.keys():
        return []
    tx, rx = table["Tx Output Power"], table["Rx Optical Power"]
    return [
        _optic(
            part.name,
            0,
            rx[0],
            tx[0],
            _limits("rx", rx[1:]) | _limits("tx", tx[1:]),
            bias=table.get("Tx Bias Current", [None])[0],
            temperature=table.get("Temperature", [None])[0],
        )
    ]


def _lanes(part: _Port, output: Output) -> list[Optic]:
    start = next((n for n, line in enumerate(part.lines) if line.startswith("Lane ID")), None)
    if start is None:
        return []
    limits: dict[str, float | None] = {}
    for line in part.lines[:start]:
        match = _LANE_LIMITS.fullmatch(line)
        if match and "Bias" not in match["name"]:
            numbers = [_float(word) for word in match["numbers"].split()]
            expect(len(numbers) == _THRESHOLDS - 1, output, line.strip())
            limits |= _limits(match["name"][:2].lower(), numbers)
    found: list[Optic] = []
    for line in part.lines[start + 2 :]:
        match = _LANE.fullmatch(line)
        if not match:
            expect(line.startswith("=") and found, output, line.strip())
            break
        rx, tx = _float(match["rx"]), _float(match["tx"])
        lane = _optic(
            part.name,
            int(match["lane"]),
            rx,
            tx,
            limits,
            bias=_float(match["bias"]),
            temperature=_float(match["temperature"]),
        )
        found.append(lane)
    return found


def _optic(
    name: str,
    lane: int,
    rx: float | None,
    tx: float | None,
    limits: dict[str, float | None],
    *,
    bias: float | None,
    temperature: float | None,
) -> Optic:
    dark = rx is None or rx <= _NO_LIGHT
    return Optic(
        interface=name,
        lane=lane,
        rx_dbm=None if dark else rx,
        tx_dbm=tx,
        los=dark,
        bias_ma=bias,
        temperature_c=temperature,
        **limits,
    )


# --- link aggregation -----------------------------------------------------------------------------


def lag(outputs: Sequence[Output]) -> Lags | None:
    groups = [] if nothing(outputs[0]) else ntc("alcatel_sros_show_lag", outputs[0])
    if not groups:
        stated = re.search(r"Total Lag-ids: (\d+)", text_of(outputs[0]))
        expect(nothing(outputs[0]) or (stated and stated[1] == "0"), outputs[0], "no count of LAGs")
        return None
    stated = re.search(r"Total Lag-ids: (\d+)", text_of(outputs[0]))
    expect(stated and int(stated[1]) == len(groups), outputs[0], "not every LAG was understood")
    members: dict[str, list[LagMember]] = {}
    spoken: dict[str, str] = {}
    last = ""
    for row in [] if nothing(outputs[1]) else ntc("alcatel_sros_show_lag_port", outputs[1]):
        if row["lag_id"]:
            last = row["lag_id"].partition("(")[0]
            spoken[last] = "lacp" if row["lag_id"].endswith("(e)") else "static"
        expect(last, outputs[1], "a port without its LAG")
        active = row["operational_status"] == "up" and row["active_status"] == "active"
        state = f"{row['operational_status']}/{row['active_status']}"
        members.setdefault(last, []).append(
            LagMember(interface=row["port_id"], active=active, state=state)
        )
    return Lags(
        items=tuple(
            Lag(
                name=f"lag-{row['lag_id']}",
                up=row["opr"] == "up",
                members=tuple(members.get(row["lag_id"], ())),
                protocol=spoken.get(row["lag_id"], ""),
            )
            for row in groups
        )
    )
