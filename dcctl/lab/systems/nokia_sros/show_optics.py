"""What SR OS answers about the light at a port: its plug, lanes, thresholds, coherent module."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import PortState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.nokia_sros.scene import DOUBLE, SINGLE, is_connector, lines, pair, table

_DOWN = PortState()
# High alarm, high warning, low warning, low alarm.
_TX = (2.50, 0.50, -8.20, -10.20)
_RX = (2.50, 0.50, -14.40, -16.40)
_TEMPERATURE = (75.0, 70.0, 0.0, -5.0)
_BIAS = (120.0, 110.0, 15.0, 10.0)


def transceiver(scene: Scene, name: str, lit: str) -> str:
    """A port's plug, and the light that the fibre in it gives to `lit`."""
    lanes = 4 if is_connector(name) else 1
    serial = f"FNS{int(spread(scene.element.chassis.name + name, 1000000, 9999999))}"
    kind, model = ("QSFP28", "3HE10550AARA01") if lanes > 1 else ("SFP", "3HE04823AAAA01")
    rows = [
        pair("Transceiver Status", "operational"),
        pair("Transceiver Type", kind),
        pair("Model Number", f"{model}  NOK  INUIAE9EAA"),
        pair("TX Laser Wavelength", "1310.000 nm", "Diag Capable", "yes"),
        pair("Number of Channels", "1"),
        pair("Number of Lanes", str(lanes)),
        pair("Connector Code", "LC", "Vendor OUI", "00:90:65"),
        pair("Manufacture date", "2022/03/04", "Media", "Ethernet"),
        pair("Serial Number", serial),
        pair("Part Number", "FTLC1154RDPL-A5" if lanes > 1 else "FTLX1471D3BCL-AL"),
        pair("Optical Compliance", "100GBASE-LR4" if lanes > 1 else "10GBASE-LR"),
        pair("Link Length support", "10km for SMF"),
    ]
    there = scene.around.ports.get(lit, _DOWN)
    return "\n" + lines(DOUBLE, "Transceiver Data", "", *rows, DOUBLE) + _light(there, lanes, lit)


def _value_row(name: str, number: float, limits: tuple[float, ...], form: str) -> str:
    high, low = limits[:2], limits[2:]
    marks = ["!" if number > limit else "" for limit in high]
    marks += ["!" if number < limit else "" for limit in low]
    cells = [f"{format(limit, form)}{mark}" for limit, mark in zip(limits, marks, strict=True)]
    return f"{name:<26}{format(number, form):>9}" + "".join(f"{cell:>11}" for cell in cells)


def _limits_row(name: str, limits: tuple[float, ...], form: str) -> str:
    return f"{name:<30}" + "".join(f"{format(limit, form):>12}" for limit in limits)


_DDM_HEAD = "                              Value High Alarm  High Warn   Low Warn  Low Alarm"


def _light(there: PortState, lanes: int, name: str) -> str:
    bias = spread(f"bias {name}", 32.0, 48.0)
    warm = _value_row("Temperature (C)", there.temperature_c, _TEMPERATURE, "+.1f")
    volts = _value_row("Supply Voltage (V)", 3.29, (3.63, 3.47, 3.13, 2.97), ".2f")
    title = "Transceiver Digital Diagnostic Monitoring (DDM), Internally Calibrated"
    if lanes == 1:
        return "\n" + table(
            title,
            _DDM_HEAD,
            SINGLE,
            warm,
            volts,
            _value_row("Tx Bias Current (mA)", bias, _BIAS, ".1f"),
            _value_row("Tx Output Power (dBm)", there.tx_dbm, _TX, ".2f"),
            _value_row("Rx Optical Power (avg dBm)", there.rx_dbm, _RX, ".2f"),
        )
    rows = [
        f"{lane:>5}{format(there.temperature_c + 4, '+.1f'):>15}{bias + lane:>17.1f}"
        f"{_flagged(there.tx_dbm - lane / 10, _TX):>19}{_flagged(there.rx_dbm - lane / 10, _RX):>19}"
        for lane in range(1, lanes + 1)
    ]
    return (
        "\n"
        + table(title, _DDM_HEAD, SINGLE, warm, volts)
        + "\n"
        + table(
            "Transceiver Lane Specific Data",
            "                                High Alarm   High Warn    Low Warn   Low Alarm",
            _limits_row("Lane Temperature (C)", _TEMPERATURE, "+.1f"),
            _limits_row("Lane Tx Bias Current (mA)", _BIAS, ".1f"),
            _limits_row("Lane Tx Output Power (dBm)", _TX, ".2f"),
            _limits_row("Lane Rx Optical Pwr (avg dBm)", _RX, ".2f"),
            SINGLE,
            "Lane ID  Temp(C)/Alm      Tx Bias(mA)/Alm    Tx Pwr(dBm)/Alm    Rx Pwr(dBm)/Alm",
            SINGLE,
            *rows,
        )
    )


def _flagged(power: float, limits: tuple[float, ...]) -> str:
    shown = max(power, -40.0)
    marks = [
        mark
        for mark, wrong in (
            ("H-A", shown > limits[0]),
            ("H-W", shown > limits[1]),
            ("L-A", shown < limits[3]),
            ("L-W", shown < limits[2]),
        )
        if wrong
    ]
    return f"{shown:.2f}" + (f"/{marks[0]}" if marks else "")


def coherent(scene: Scene, name: str) -> str:
    """A coherent plug: errors before correction, and the margin that is left."""
    there = scene.around.ports.get(name, _DOWN)
    # Less light, more errors: a decade for each 3 dB below -10 dBm.
    errors = min(0.5, 10 ** (-3.6 - min(0.0, there.rx_dbm + 10.0) / 3.0))
    margin = max(0.0, 7.6 + min(0.0, (there.rx_dbm + 10.0) / 2))
    return table(
        "Coherent Optical Module",
        pair("Cfg Tx Target Power", "   1.00 dBm", "Present Rx Channel", "46"),
        pair("Cfg Rx LOS Thresh", " -23.00 dBm"),
        pair("Rx Q Margin", f"{margin:.1f} dB", "Chromatic Disp", "6 ps/nm"),
        pair("SNR X Polar", "17.5 dB", "Diff Group Delay", "3 ps"),
        pair("SNR Y Polar", "17.3 dB", "Pre-FEC BER", f"{errors:.3E}"),
        pair("Module State", "ready"),
    )
