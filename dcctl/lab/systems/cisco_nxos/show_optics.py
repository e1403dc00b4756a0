"""What `show interface transceiver [details]` answers."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM, Port
from dcctl.lab.systems.cisco_nxos import kinds
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, table

# (name in JSON, title, unit, high alarm, low alarm, high warning, low warning)
_QUANTITIES = (
    ("temp", "Temperature", "C", 75.0, -5.0, 70.0, 0.0),
    ("volt", "Voltage", "V", 3.63, 2.97, 3.46, 3.13),
    ("current", "Current", "mA", 75.0, 10.0, 70.0, 15.0),
    ("tx_pwr", "Tx Power", "dBm", 3.49, -12.2, 0.49, -8.2),
    ("rx_pwr", "Rx Power", "dBm", 3.49, -18.38, 0.49, -14.4),
)
_MEASURED = {"temp": "temperature", "volt": "voltage"}


def _ports(scene: Scene) -> list[Port]:
    wanted = [name for one in scene.arguments if (name := kinds.interface(one))]
    return [port for port in scene.optical() if not wanted or port.name in wanted]


def _readings(scene: Scene, port: Port) -> dict[str, float]:
    seen = scene.port(port.name)
    dark = seen.tx_dbm <= NO_LIGHT_DBM
    return {
        "temp": seen.temperature_c,
        "volt": 3.28,
        "current": 0.0 if dark else spread(f"bias {port.mac}", 22, 36),
        "tx_pwr": -40.0 if dark else seen.tx_dbm,
        "rx_pwr": max(seen.rx_dbm, -40.0),
    }


def _flag(value: float, high: float, low: float, high_warning: float, low_warning: float) -> str:
    if value >= high:
        return "++"
    if value <= low:
        return "--"
    return "+" if value >= high_warning else "-" if value <= low_warning else ""


def _identity(port: Port) -> Data:
    return {
        "interface": port.name,
        "sfp": "present",
        "type": "10Gbase-LR",
        "name": "CISCO-FINISAR",
        "partnum": "FTLX1474D3BCL-CS",
        "rev": "A",
        "serialnum": f"FNS{port.mac[-8:].upper()}",
        "nom_bitrate": 10300,
        "ciscoid": "3",
        "ciscoid_1": 4,
        "cisco_part_number": "10-2457-02",
        "cisco_product_id": "SFP-10G-LR",
        "cisco_vendor_id": "V02",
    }


def transceiver_data(scene: Scene) -> Data:
    """`show interface transceiver | json`."""
    return table("interface", [_identity(port) for port in _ports(scene)])


def details_data(scene: Scene) -> Data:
    """`show interface transceiver details | json`."""
    rows = []
    for port in _ports(scene):
        readings = _readings(scene, port)
        lane: Data = {"lane_number": 1}
        for name, _, _, high, low, high_warning, low_warning in _QUANTITIES:
            lane |= {
                _MEASURED.get(name, name): f"{readings[name]:.2f}",
                f"{name}_flag": _flag(readings[name], high, low, high_warning, low_warning),
                f"{name}_alrm_hi": f"{high:.2f}",
                f"{name}_alrm_lo": f"{low:.2f}",
                f"{name}_warn_hi": f"{high_warning:.2f}",
                f"{name}_warn_lo": f"{low_warning:.2f}",
            }
        lane["xmit_faults"] = "0"
        rows.append({**_identity(port), **table("lane", [lane])})
    return table("interface", rows)


def _heading(port: Port) -> list[str]:
    one = _identity(port)
    return [
        port.name,
        "    transceiver is present",
        f"    type is {one['type']}",
        f"    name is {one['name']}",
        f"    part number is {one['partnum']}",
        f"    revision is {one['rev']}",
        f"    serial number is {one['serialnum']}",
        f"    nominal bitrate is {one['nom_bitrate']} MBit/sec",
        "    Link length supported for 9/125um fiber is 10 km",
        "    cisco id is 3",
        "    cisco extended id number is 4",
        f"    cisco part number is {one['cisco_part_number']}",
        f"    cisco product id is {one['cisco_product_id']}",
        f"    cisco vendor id is {one['cisco_vendor_id']}",
    ]


def transceiver(scene: Scene) -> str:
    """`show interface transceiver`."""
    return "".join("\n".join([*_heading(port), "", ""]) for port in _ports(scene))


def details(scene: Scene) -> str:
    """`show interface transceiver details`."""
    line = f"  {'-' * 76}"
    rows: list[str] = []
    for port in _ports(scene):
        readings = _readings(scene, port)
        rows += [
            *_heading(port),
            "    number of lanes 1",
            "",
            "           SFP Detail Diagnostics Information (internal calibration)",
            line,
            "                Current              Alarms                  Warnings",
            "                Measurement     High        Low         High          Low",
            line,
        ]
        for name, title, unit, high, low, high_warning, low_warning in _QUANTITIES:
            flag = _flag(readings[name], high, low, high_warning, low_warning)
            rows.append(
                f"  {title:<11} {readings[name]:>7.2f} {unit:<3} {flag:<2} {high:>8.2f} {unit:<3} {low:>7.2f} {unit:<3} "
                f"{high_warning:>7.2f} {unit:<3}   {low_warning:>7.2f} {unit}"
            )
        rows += [
            "  Transmit Fault Count = 0",
            line,
            "  Note: ++  high-alarm; +  high-warning; --  low-alarm; -  low-warning",
            "",
        ]
    return "\n".join([*rows, ""])
