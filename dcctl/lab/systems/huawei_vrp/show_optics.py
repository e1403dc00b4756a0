"""What `display` answers about optical modules, in the forms of the product lines."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM, Port
from dcctl.lab.systems.huawei_vrp import kinds
from dcctl.lab.systems.huawei_vrp.scene import Scene, text
from dcctl.lab.systems.huawei_vrp.show_interfaces import (
    RX_ALARM,
    RX_RANGE,
    TX_ALARM,
    TX_RANGE,
    lane_power,
)

_LINE = "-" * 67


def _chosen(scene: Scene) -> list[Port]:
    wanted = scene.arguments[0] if scene.arguments else ""
    return [port for port in scene.optical() if wanted in ("", port.name)]


def _bias(scene: Scene, port: Port) -> float:
    dark = scene.port(port.name).tx_dbm <= NO_LIGHT_DBM
    return 0.0 if dark else spread(f"bias {port.mac}", 22, 36)


def phy_option(scene: Scene) -> str:
    """`display interface phy-option [<intf>]`, as NetEngine routers have it."""
    blocks = []
    for port in _chosen(scene):
        seen, rate = scene.port(port.name), int(kinds.speed_gbit(port.name))
        rows = [
            port.name,
            "  Port Physical Status :",
            f"    physical state       : {'up' if seen.up else 'down'}",
            "    Loopback             : none",
            "    Duplex mode          : full-duplex",
            "    negotiation          : disable",
            "    Pause Flowcontrol    : Receive Enable and Send Enable",
            "  Optical module information:",
            "    The Vendor PN is LTF1303-BC+",
            (
                f"    The Vendor Name is Hisense, Port BW: {rate}G, Transceiver BW: {rate}G, "
                "Transceiver Mode: SingleMode"
            ),
            "    WaveLength: 1310nm, Transmission Distance: 10km",
        ]
        ranges = [f"[{low:.3f},  {high:.3f}]dBm" for low, high in (RX_RANGE, TX_RANGE)]
        if kinds.lanes(port.name) == 1:
            rows += [
                f"    Rx Power: {seen.rx_dbm:>6.2f}dBm, Warning range: {ranges[0]}",
                f"    Tx Power: {seen.tx_dbm:>6.2f}dBm, Warning range: {ranges[1]}",
            ]
        else:
            rows.append(f"    Rx Warning range: {ranges[0]}, Tx Warning range: {ranges[1]}")
            for lane in range(kinds.lanes(port.name)):
                rx, tx = lane_power(scene, port.name, lane)
                rows.append(f"    Rx{lane} Power: {rx:>6.2f}dBm, Tx{lane} Power: {tx:>6.2f}dBm")
        blocks.append(text(rows))
    return "\n".join(blocks)


def transceiver_verbose(scene: Scene) -> str:
    """`display interface [<intf>] transceiver verbose` (VRP8), `display transceiver verbose` (VRP5)."""
    return "\n".join(_transceiver(scene, port) for port in _chosen(scene))


def _transceiver(scene: Scene, port: Port) -> str:
    lanes = kinds.lanes(port.name)
    rate = int(kinds.speed_gbit(port.name))
    kind = {1: "1000_BASE_LX_SFP", 10: "10GBASE_LR_SFP"}.get(rate, f"{rate}GBASE_LR4")
    rows = [
        f"{port.name} transceiver information:",
        _LINE,
        " Common information:",
        f"   Transceiver Type                      :{kind}",
        "   Connector Type                        :LC",
        "   Wavelength (nm)                       :1310",
        "   Transfer Distance (m)                 :10000(9um/125um SMF)",
        "   Digital Diagnostic Monitoring         :YES",
        "   Vendor Name                           :Hisense",
        "   Vendor Part Number                    :LTF1303-BC+",
        "   Ordering Name                         :",
        _LINE,
        " Manufacture information:",
        f"   Manu. Serial Number                   :U{port.mac[-10:].upper()}",
        "   Manufacturing Date                    :2024-6-8",
        "   Vendor Name                           :Hisense",
        _LINE,
        " Alarm information:",
        *_complaints(scene, port, RX_ALARM, "Alarm"),
        _LINE,
        " Warning information:",
        *_complaints(scene, port, RX_RANGE, "Warning"),
        _LINE,
        " Diagnostic information:",
        f"   Temperature (Celsius)                 :{scene.port(port.name).temperature_c:.2f}",
        "   Voltage (V)                           :3.28",
        *_laned("Bias Current (mA)", [_bias(scene, port)] * lanes),
        "   Bias High Threshold (mA)              :70.00",
        "   Bias Low Threshold (mA)               :1.00",
    ]
    powers = [_power(scene, port, lane) for lane in range(lanes)]
    rows += [
        *_laned("Current RX Power (dBm)", [rx for rx, _ in powers]),
        f"   Default RX Power High Threshold (dBm) :{RX_ALARM[1]:.2f}",
        f"   Default RX Power Low Threshold (dBm)  :{RX_ALARM[0]:.2f}",
        *_laned("Current TX Power (dBm)", [tx for _, tx in powers]),
        f"   Default TX Power High Threshold (dBm) :{TX_ALARM[1]:.2f}",
        f"   Default TX Power Low Threshold (dBm)  :{TX_ALARM[0]:.2f}",
        _LINE,
    ]
    return text(rows)


def _power(scene: Scene, port: Port, lane: int) -> tuple[float, float]:
    if kinds.lanes(port.name) > 1:
        return lane_power(scene, port.name, lane)
    seen = scene.port(port.name)
    return seen.rx_dbm, seen.tx_dbm


def _complaints(scene: Scene, port: Port, limits: tuple[float, float], word: str) -> list[str]:
    seen = scene.port(port.name).rx_dbm
    if seen < limits[0]:
        return [f"   RxPower Low {word}" if word == "Warning" else "   LOS Alarm"]
    return []


def _laned(name: str, values: list[float]) -> list[str]:
    """One value, or two lanes a row, as VRP writes them."""
    if len(values) == 1:
        return [f"   {name:<38}:{values[0]:.2f}"]
    rows = []
    for first in range(0, len(values), 2):
        pair = values[first : first + 2]
        words = "|".join(f"{value:.2f}" for value in pair)
        lanes = "|".join(f"Lane{first + i}" for i in range(len(pair)))
        label = f"   {name:<38}:" if not first else " " * 42
        rows.append(f"{label}{words}({lanes})")
    return rows


def diagnosis(scene: Scene) -> str:
    """`display transceiver diagnosis interface [<intf>]`, as VRP5 has it."""
    blocks = []
    for port in _chosen(scene):
        seen = scene.port(port.name)
        quantities = [
            ("TxPower(dBm)", seen.tx_dbm, *TX_ALARM),
            ("RxPower(dBm)", seen.rx_dbm, *RX_ALARM),
            ("Current(mA)", _bias(scene, port), 1.0, 70.0),
            ("Temp.(Celsius)", seen.temperature_c, -10.0, 75.0),
            ("Voltage(V)", 3.28, 3.03, 3.56),
        ]
        rows = [
            f"Port {port.name} transceiver diagnostic information:",
            "Parameter      Current      Low Alarm    High Alarm",
            "  Type          Value       Threshold     Threshold    Status",
            "-" * 63,
        ]
        for name, value, low, high in quantities:
            status = "normal" if low <= value <= high else "abnormal"
            rows.append(f"{name:<14} {value:>8.2f}     {low:>8.2f}      {high:>8.2f}     {status}")
        blocks.append(text(rows))
    return "\n".join(blocks)
