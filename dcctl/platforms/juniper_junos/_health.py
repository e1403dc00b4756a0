"""The health of the box itself: optical power, standing alarms, its clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.optics import Optic, Optics
from dcctl.facts.time_sync import TimeSync
from dcctl.platforms._parsing import expect, number, text_of
from dcctl.platforms.juniper_junos._json import every, present, root_of, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output


def optics(outputs: Sequence[Output]) -> Optics | None:
    root = root_of(outputs[0], "interface-information")
    items: list[Optic] = []
    for port in every(root or {}, "physical-interface"):
        diagnostics = next(every(port, "optics-diagnostics"), None)
        if diagnostics is None or present(diagnostics, "optic-diagnostics-not-available"):
            continue
        lanes = list(every(diagnostics, "optics-diagnostics-lane-values")) or [diagnostics]
        items += [
            _optic(text(port, "name"), index, lane, diagnostics) for index, lane in enumerate(lanes)
        ]
    return Optics(items=tuple(items)) if items else None


def _optic(name: str, index: int, lane: dict[str, Any], module: dict[str, Any]) -> Optic:
    power = _dbm(lane, "laser-rx-optical-power-dbm", "rx-signal-avg-optical-power-dbm")
    lost = (
        text(
            lane,
            "rx-loss-of-signal-alarm",
        )
        == "on"
        or power is None
    )
    return Optic(
        interface=name,
        lane=number(text(lane, "lane-index")) or index,
        rx_dbm=None if lost else power,
        tx_dbm=_dbm(lane, "laser-output-power-dbm"),
        los=lost,
        rx_low_alarm_dbm=_dbm(module, "laser-rx-power-low-alarm-threshold-dbm"),
        rx_low_warning_dbm=_dbm(module, "laser-rx-power-low-warn-threshold-dbm"),
        rx_high_warning_dbm=_dbm(module, "laser-rx-power-high-warn-threshold-dbm"),
        rx_high_alarm_dbm=_dbm(module, "laser-rx-power-high-alarm-threshold-dbm"),
        tx_low_alarm_dbm=_dbm(module, "laser-tx-power-low-alarm-threshold-dbm"),
        tx_low_warning_dbm=_dbm(module, "laser-tx-power-low-warn-threshold-dbm"),
        tx_high_warning_dbm=_dbm(module, "laser-tx-power-high-warn-threshold-dbm"),
        tx_high_alarm_dbm=_dbm(module, "laser-tx-power-high-alarm-threshold-dbm"),
        bias_ma=_leading(text(lane, "laser-bias-current")),
        temperature_c=_leading(text(module, "module-temperature")),
    )


def _dbm(element: dict[str, Any], *names: str) -> float | None:
    return next((_leading(text(element, n)) for n in names if present(element, n)), None)


def _leading(stated: str) -> float | None:
    match = re.match(r"\s*(-?\d+(?:\.\d+)?)", stated)
    return float(match[1]) if match else None


def alarms(outputs: Sequence[Output]) -> Alarms:
    items: list[Alarm] = []
    for output, source in zip(outputs, ("chassis", "system"), strict=True):
        root = root_of(output, "alarm-information")
        found = list(every(root or {}, "alarm-detail"))
        items += [
            Alarm(
                severity=text(element, "alarm-class").lower(),
                text=text(element, "alarm-description"),
                source=source,
                since=text(element, "alarm-time"),
            )
            for element in found
        ]
        count = number(text(root or {}, "alarm-summary", "active-alarm-count"))
        expect(count in (None, len(found)), output, "not every alarm was understood")
        none = present(root or {}, "alarm-summary", "no-active-alarms")
        expect(found or none or count == 0, output, "neither alarms nor their absence")
    return Alarms(items=tuple(items))


_ASSOCIATION = re.compile(
    r"^(?P<mark>[ *+#x.o-])(?P<server>[\w.:-]+)\s+(?P<ref>\S+)\s+(?P<stratum>\d+)\s+\S\s+\S+\s+\d+"
    r"\s+\d+\s+-?[\d.]+\s+(?P<offset>[+-]?[\d.]+)\s+[\d.]+\s*$"
)


def time_sync(outputs: Sequence[Output]) -> TimeSync:
    """`show ntp associations` and `show ntp status` are ntpq's own text, also on Junos."""
    associations, status = text_of(outputs[0]), text_of(outputs[1])
    rows = [match for line in associations.splitlines() if (match := _ASSOCIATION.match(line))]
    body = [
        line
        for line in associations.splitlines()
        if line.strip() and not re.match(r"\s*remote\s+refid|=+|No association", line)
    ]
    expect(len(rows) == len(body), outputs[0], "not every association was understood")
    known = r"\bstatus=\w+|\bsync_\w+|leap_\w+|No association|timed out"
    stated = re.search(known, status + associations)
    expect(stated, outputs[1], "no state")
    peer = next((row for row in rows if row["mark"] == "*"), None)
    stratum = re.search(r"\bstratum=(\d+)", status)
    return TimeSync(
        synchronised=peer is not None and "sync_unspec" not in status,
        servers=tuple(row["server"] for row in rows),
        source=peer["server"] if peer else "",
        stratum=int(stratum[1]) if stratum else None,
        offset_s=round(float(peer["offset"]) / 1000, 9) if peer else None,
    )
