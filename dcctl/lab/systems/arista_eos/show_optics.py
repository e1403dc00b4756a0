"""What `show` answers about light and the errors that are corrected in it."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM
from dcctl.lab.systems.arista_eos import kinds
from dcctl.lab.systems.arista_eos.scene import Scene

Data = dict[str, Any]
# High alarm, low alarm, high warning, low warning.
_LIMITS = {
    "temperature": (75.0, -5.0, 70.0, 0.0),
    "voltage": (3.63, 2.97, 3.46, 3.13),
    "txBias": (85.0, 10.0, 80.0, 15.0),
    "txPower": (3.5, -12.2, 0.5, -8.2),
    "rxPower": (3.5, -18.39, 0.5, -14.4),
}
_UNITS = {
    "temperature": "C",
    "voltage": "Volts",
    "txBias": "mA",
    "txPower": "dBm",
    "rxPower": "dBm",
}


# --- light ----------------------------------------------------------------------------------


def _readings(scene: Scene) -> list[tuple[str, str, dict[str, float | None]]]:
    """(port, serial number, quantity -> value; None where there is none)."""
    wanted = [name for one in scene.arguments if (name := kinds.interface(one))]
    found = []
    for port in scene.optical():
        if wanted and port.name not in wanted:
            continue
        seen = scene.port(port.name)
        dark = seen.tx_dbm <= NO_LIGHT_DBM
        readings: dict[str, float | None] = {
            "temperature": seen.temperature_c,
            "voltage": 3.28,
            "txBias": 0.0 if dark else spread(f"bias {port.mac}", 22, 36),
            "txPower": -30.0 if dark else seen.tx_dbm,
            "rxPower": max(seen.rx_dbm, -30.0),
        }
        found.append((port.name, f"XCW{port.mac[-6:].upper()}", readings))
    return found


def transceiver_data(scene: Scene) -> Data:
    """`show interfaces transceiver | json`."""
    return {
        "interfaces": {
            name: {
                "displayName": name,
                "vendorSn": serial,
                "mediaType": "10GBASE-LR",
                "narrowBand": False,
                **readings,
                "updateTime": scene.around.now - 3,
            }
            for name, serial, readings in _readings(scene)
        }
    }


def transceiver(scene: Scene) -> str:
    """`show interfaces transceiver`."""
    rows = [
        "If device is externally calibrated, only calibrated values are printed.",
        "N/A: not applicable, Tx: transmit, Rx: receive.",
        "mA: milliamperes, dBm: decibels (milliwatts).",
        "                               Bias      Optical   Optical                ",
        "          Temp       Voltage   Current   Tx Power  Rx Power               ",
        "Port      (Celsius)  (Volts)   (mA)      (dBm)     (dBm)     Last Update  ",
        "-----     ---------  --------  --------  --------  --------  -------------------",
    ]
    for name, _, one in _readings(scene):
        rows.append(
            f"{kinds.short(name):<8}  {one['temperature']:>6.2f}    {one['voltage']:>6.2f}    {one['txBias']:>6.2f}    "
            f"{one['txPower']:>6.2f}    {one['rxPower']:>6.2f}    0:00:03 ago"
        )
    return "\n".join([*rows, ""])


def dom_data(scene: Scene) -> Data:
    """`show interfaces transceiver dom thresholds | json`."""
    return {
        "interfaces": {
            name: {
                "displayName": name,
                "vendorSn": serial,
                "mediaType": "10GBASE-LR",
                "updateTime": scene.around.now - 3,
                "parameters": {
                    quantity: {
                        "unit": _UNITS[quantity],
                        "channels": {
                            "-" if quantity in ("temperature", "voltage") else "1": reading
                        },
                        "threshold": _threshold(quantity),
                    }
                    for quantity, reading in readings.items()
                },
            }
            for name, serial, readings in _readings(scene)
        }
    }


def _threshold(quantity: str) -> Data:
    high_alarm, low_alarm, high_warn, low_warn = _LIMITS[quantity]
    return {
        "highAlarm": high_alarm,
        "highAlarmOverridden": False,
        "highWarn": high_warn,
        "highWarnOverridden": False,
        "lowAlarm": low_alarm,
        "lowAlarmOverridden": False,
        "lowWarn": low_warn,
        "lowWarnOverridden": False,
    }


def detail_data(scene: Scene) -> Data:
    """`show interfaces transceiver detail | json`."""
    return {
        "interfaces": {
            name: {
                "displayName": name,
                "vendorSn": serial,
                "mediaType": "10GBASE-LR",
                **readings,
                "details": {
                    quantity: {
                        "highAlarm": _LIMITS[quantity][0],
                        "highWarn": _LIMITS[quantity][2],
                        "lowAlarm": _LIMITS[quantity][1],
                        "lowWarn": _LIMITS[quantity][3],
                    }
                    for quantity in _LIMITS
                },
                "updateTime": scene.around.now - 3,
            }
            for name, serial, readings in _readings(scene)
        }
    }


_TITLES = {
    "temperature": ("Temperature", "(Celsius)"),
    "voltage": ("Voltage", "(Volts)"),
    "txBias": ("Current", "(mA)"),
    "txPower": ("Tx Power", "(dBm)"),
    "rxPower": ("Rx Power", "(dBm)"),
}


def detail(scene: Scene) -> str:
    """`show interfaces transceiver detail`."""
    rows = [
        "mA: milliamperes, dBm: decibels (milliwatts), NA or N/A: not applicable.",
        "++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.",
        "A2D readouts (if they differ), are reported in parentheses.",
        "The threshold values are calibrated.",
        "",
    ]
    for quantity, (title, unit) in _TITLES.items():
        rows += [
            "                              High Alarm  High Warn   Low Alarm   Low Warn",
            f"           {title:<18} Threshold   Threshold   Threshold   Threshold",
            f"Port       {unit:<18} {unit:<11} {unit:<11} {unit:<11} {unit}",
            "-------    -----------------  ----------  ----------  ----------  ----------",
        ]
        high_alarm, low_alarm, high, low = _LIMITS[quantity]
        for name, _, readings in _readings(scene):
            rows.append(
                f"{kinds.short(name):<10} {readings[quantity]:>8.2f}           {high_alarm:>8.2f}    {high:>8.2f}    {low_alarm:>8.2f}    {low:>8.2f}"
            )
        rows.append("")
    return "\n".join(rows)


# --- error correction -----------------------------------------------------------------------


def _ber(scene: Scene, name: str) -> tuple[float, int, int]:
    """Pre-FEC bit error rate, corrected and uncorrected codewords: worse with less light."""
    port = scene.port(name)
    if not port.up:
        return 0.0, 0, 0
    rate = float(f"{10.0 ** (-13 + max(0.0, -3.0 - port.rx_dbm) * 0.45):.6e}")
    corrected = int(rate * 10_312_500_000 * max(0.0, scene.around.now - port.since))
    return rate, corrected, port.errors


def phy_data(scene: Scene) -> Data:
    """`show interfaces phy detail | json`."""
    found = {}
    for port in scene.optical():
        rate, corrected, uncorrected = _ber(scene, port.name)
        changes = {"changes": 2, "lastChange": scene.port(port.name).since}
        found[port.name] = {
            "interfaceState": {"value": "up" if scene.port(port.name).up else "down", **changes},
            "transceiver": {"mediaType": "10GBASE-LR"},
            "macFaults": {},
            "phyStatuses": [
                {
                    "description": {"phyChipName": "BCM88690-TSCBH", "location": "line"},
                    "phyState": {
                        "value": "linkUp" if scene.port(port.name).up else "linkDown",
                        **changes,
                    },
                    "fec": {
                        "encoding": "reedSolomon",
                        "correctedCodewords": {"value": corrected, **changes},
                        "uncorrectedCodewords": {"value": uncorrected, **changes},
                    },
                    "preFecBer": {"value": rate},
                }
            ],
        }
    return {"interfacePhyStatuses": found}


def phy(scene: Scene) -> str:
    """`show interfaces phy detail`."""
    rows = []
    for port in scene.optical():
        rate, corrected, uncorrected = _ber(scene, port.name)
        state = "up" if scene.port(port.name).up else "down"
        rows += [
            "Current System Time: (see show clock)",
            port.name,
            "                                     Current State     Changes            Last Change",
            "                                     -------------     -------            -----------",
            f"  PHY state                          {'linkUp' if state == 'up' else 'linkDown':<17} 2",
            f"  Interface state                    {state:<17} 2",
            "  Forward Error Correction           Reed-Solomon",
            f"  FEC corrected codewords            {corrected}",
            f"  FEC uncorrected codewords          {uncorrected}",
            f"  Pre-FEC bit error rate             {rate:.2e}",
            "",
        ]
    return "\n".join(rows)
