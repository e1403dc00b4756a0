"""What `show controllers` answers: light with its thresholds, and how many errors it carries."""

from __future__ import annotations

import math

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM, Port
from dcctl.lab.elements.spans import in_table
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.scene import Scene
from dcctl.lab.systems.cisco_xr.show import optic_of, optic_serial, optics_name

# (quantity, unit and format of the row, high alarm, low alarm, high warning, low warning)
_GREY = {"rx": (3.4, -18.4, 0.4, -14.4), "tx": (3.4, -12.2, 0.4, -8.2)}
_COHERENT = {"rx": (13.0, -24.0, 10.0, -21.0), "tx": (4.0, -18.0, 2.0, -16.0)}
_LANES = {"FortyGigE": 4, "HundredGigE": 4, "TwoHundredGigE": 4, "FourHundredGigE": 4}


def optics(scene: Scene) -> str:
    """`show controllers optics <loc>`; `*` is all of them."""
    wanted = scene.arguments[0]
    found = [one for one in scene.optical() if wanted in ("*", kinds.number_of(one.name))]
    if not found:
        return f"{' ' * 40}^\n% Invalid input detected at '^' marker.\n"
    head = " Port:    {}\n" if wanted == "*" else ""
    ruler = "-" * 47 + "\n" if wanted == "*" else ""
    return ruler.join(head.format(optics_name(port)) + _optic(scene, port) for port in found)


def _lanes(port: Port) -> int:
    return 1 if port.medium == "dwdm" else _LANES.get(kinds.kind_of(port.name), 1)


def _milliwatt(dbm: float) -> float:
    return 10 ** (dbm / 10) if dbm > NO_LIGHT_DBM else 0.0


def _optic(scene: Scene, port: Port) -> str:
    section = dict(scene.interfaces()).get(port.name, {})
    admin, oper = "shutdown" not in section, scene.port(port.name).up
    state = "Administratively Down" if not admin else "Up" if oper else "Down"
    limits = _COHERENT if port.medium == "dwdm" else _GREY
    name, _ = optic_of(port)
    rows = [
        "",
        f" Controller State: {state} ",
        "",
        f" Transport Admin State: {'In Service' if admin else 'Out Of Service'} ",
        "",
        f" Laser State: {'On' if scene.port(port.name).tx_dbm > NO_LIGHT_DBM else 'Off'} ",
        "",
        f" LED State: {'Green' if oper else 'Off'} ",
        "",
        f" FEC State: {'FEC ENABLED' if port.medium == 'dwdm' else 'FEC DISABLED'} ",
        "",
        f" Last link flapped: {in_table(scene.around.now - max(scene.port(port.name).since, scene.element.booted))}",
        "",
        " Optics Status ",
        "",
        f"         Optics Type:  {name.removeprefix('Cisco ').removesuffix(' Pluggable Optics Module')} ",
        f"         Wavelength = {1551.32 if port.medium == 'dwdm' else 1310.00:.2f} nm ",
        "",
        *_alarm_rows(scene, port, limits, laser=admin),
        *_threshold_rows(limits),
        *(_coherent_rows(scene, port) if port.medium == "dwdm" else _lane_rows(scene, port)),
        "",
        f"         Temperature = {scene.port(port.name).temperature_c:.2f} Celsius ",
        f"         Voltage = {spread(f'volt {port.mac}', 3.2, 3.36):.2f} V ",
        "",
        *_vendor_rows(scene, port),
        "",
        "",
    ]
    return "\n".join(rows)


def _alarm_rows(
    scene: Scene, port: Port, limits: dict[str, tuple[float, float, float, float]], *, laser: bool
) -> list[str]:
    seen = scene.port(port.name)
    names = []
    for lane in range(1, _lanes(port) + 1):
        part = str(lane) if _lanes(port) > 1 else ""
        if seen.rx_dbm <= limits["rx"][1]:
            names.append(f"LOW-RX{part}-PWR")
        if seen.tx_dbm <= limits["tx"][1]:
            names.append(f"LOW-TX{part}-PWR")
    rows = ["         Alarm Status:", "         -------------"]
    if not names:
        rows.append("         Detected Alarms: None")
    else:
        rows += ["         Detected Alarms:", "                 " + "   ".join(sorted(names))]
    rows += ["", "", "         LOS/LOL/Fault Status:"]
    if seen.rx_dbm <= NO_LIGHT_DBM and laser:
        rows.append("         Detected LOS/LOL/FAULT: RX-LOS")
    return [*rows, "", "         Performance Monitoring: Disable ", ""]


def _threshold_rows(limits: dict[str, tuple[float, float, float, float]]) -> list[str]:
    rows = [
        "         THRESHOLD VALUES",
        "         ----------------",
        "",
        "         Parameter                 High Alarm  Low Alarm  High Warning  Low Warning",
        "         ------------------------  ----------  ---------  ------------  -----------",
    ]
    for word, values in (("Rx", limits["rx"]), ("Tx", limits["tx"])):
        power = [_milliwatt(one) for one in values]
        rows += [
            (
                f"         {word} Power Threshold(dBm)    {values[0]:>10.1f} {values[1]:>10.1f}"
                f"    {values[2]:>10.1f}   {values[3]:>10.1f}"
            ),
            (
                f"         {word} Power Threshold(mW)     {power[0]:>10.1f} {power[1]:>10.1f}"
                f"    {power[2]:>10.1f}   {power[3]:>10.1f}"
            ),
        ]
    return [
        *rows,
        "         LBC Threshold(mA)              75.00       8.00         70.00        10.00",
        "         Temp. Threshold(celsius)       75.00      -5.00         70.00         0.00",
        "         Voltage Threshold(volt)         3.63       2.97          3.46         3.13",
        "",
    ]


def _lane_rows(scene: Scene, port: Port) -> list[str]:
    seen = scene.port(port.name)
    on = seen.tx_dbm > NO_LIGHT_DBM
    bias = spread(f"bias {port.mac}", 22, 36) if on else 0.0
    if _lanes(port) == 1:
        return [
            "         Polarization parameters not supported by optics",
            "",
            f"         Laser Bias Current = {bias:.1f} mA",
            f"         Actual TX Power = {seen.tx_dbm:.2f} dBm",
            f"         RX Power = {seen.rx_dbm:.2f} dBm",
        ]
    rows = [
        "         Polarization parameters not supported by optics",
        "",
        "         Lane  Laser Bias    TX Power    RX Power  Output Frequency",
        "         ----  ----------  ----------  ----------  ----------------",
    ]
    for lane in range(_lanes(port)):
        # Lanes differ by a little, and darkness is the same for all.
        part = spread(f"{port.mac} lane {lane}", -0.3, 0.3)
        tx = seen.tx_dbm + part if on else NO_LIGHT_DBM
        rx = seen.rx_dbm + part if seen.rx_dbm > NO_LIGHT_DBM else NO_LIGHT_DBM
        rows.append(
            f"         {lane:>3}  {bias:>7.1f} mA  {tx:>6.2f} dBm  {rx:>6.2f} dBm       N/A"
        )
    return rows


def _coherent_rows(scene: Scene, port: Port) -> list[str]:
    seen = scene.port(port.name)
    dark = seen.rx_dbm <= NO_LIGHT_DBM
    osnr = 0.0 if dark else _osnr(scene, port)
    bias = 0.0 if seen.tx_dbm <= NO_LIGHT_DBM else spread(f"bias {port.mac}", 240, 290)
    return [
        f"         Laser Bias Current = {bias:.1f} mA",
        f"         Actual TX Power = {seen.tx_dbm:.2f} dBm",
        f"         Actual TX Power(mW) = {_milliwatt(seen.tx_dbm):.2f} mW",
        f"         RX Power = {seen.rx_dbm:.2f} dBm",
        f"         RX Power(mW) = {_milliwatt(seen.rx_dbm):.2f} mW",
        f"         RX Signal Power = {seen.rx_dbm if dark else seen.rx_dbm - 0.23:.2f} dBm",
        "         Frequency Offset = -1 MHz",
        "         Laser Temperature = 51.48 Celsius",
        "         Laser Age = 0 %",
        "         Chromatic Dispersion 2 ps/nm",
        f"         Optical Signal to Noise Ratio = {osnr:.2f} dB",
        "         Polarization Dependent Loss = 0.60 dB",
        "         Differential Group Delay = 1.00 ps",
    ]


def _vendor_rows(scene: Scene, port: Port) -> list[str]:
    name, product = optic_of(port)
    return [
        " Transceiver Vendor Details",
        "",
        f"         Form Factor            : {name.split()[1]}",
        f"         Optics type            : {name.removeprefix('Cisco ').removesuffix(' Pluggable Optics Module')}",
        "         Name                   : CISCO-FINISAR",
        "         OUI Number             : 00.90.65",
        f"         Part Number            : {product}",
        "         Rev Number             : A",
        f"         Serial Number          : {optic_serial(scene, port)}",
        f"         PID                    : {product}",
        "         VID                    : V01",
    ]


# --- forward error correction -------------------------------------------------------------------


def _osnr(scene: Scene, port: Port) -> float:
    """Signal to noise: the weaker the light, the less of it."""
    return max(8.0, 36.0 + scene.port(port.name).rx_dbm * 0.6)


def coherent(scene: Scene) -> str:
    """`show controllers coherentDSP <loc>`; `*` is all of them."""
    wanted = scene.arguments[0]
    found = [
        one
        for one in scene.optical()
        if one.medium == "dwdm" and wanted in ("*", kinds.number_of(one.name))
    ]
    if not found:
        return f"{' ' * 44}^\n% Invalid input detected at '^' marker.\n"
    return "\n".join(_dsp(scene, port) for port in found)


def _dsp(scene: Scene, port: Port) -> str:
    seen = scene.port(port.name)
    dark = seen.rx_dbm <= NO_LIGHT_DBM
    ber = 0.5 if dark else pre_fec(scene, port)
    factor = 0.0 if dark else 20 * math.log10(_q(ber))
    admin = "shutdown" not in dict(scene.interfaces()).get(port.name, {})
    state = "Administratively Down" if not admin else "Up" if seen.up else "Down"
    rows = [
        "",
        _line("Port", f"CoherentDSP {kinds.number_of(port.name)}"),
        _line("Controller State", state),
        _line("Inherited Secondary State", "Normal"),
        _line("Configured Secondary State", "Normal"),
        _line("Derived State", "In Service"),
        _line("Loopback mode", "None"),
        _line("BER Thresholds", "SF = 1.0E-5  SD = 1.0E-7"),
        _line("Performance Monitoring", "Enable"),
        _line("Bandwidth", "400.0Gb/s"),
        "",
        "Alarm Information:",
        f"LOS = {int(dark)} LOF = 0 LOM = 0",
        "OOF = 0 OOM = 0 AIS = 0",
        "IAE = 0 BIAE = 0        SF_BER = 0",
        "SD_BER = 0      BDI = 0 TIM = 0",
        "FECMISMATCH = 0 FEC-UNC = 0     FLEXO_GIDM = 0",
        "FLEXO-MM = 0    FLEXO-LOM = 0   FLEXO-RDI = 0",
        f"FLEXO-LOF = {int(dark)}",
        _line("Detected Alarms", "LOS" if dark else "None"),
        "",
        "Bit Error Rate Information",
        _line("PREFEC  BER", f"{_scientific(ber)} "),
        _line("POSTFEC BER", f"{_scientific(0.0)} "),
        _line("Q-Factor", f"{factor:.2f} dB"),
        _line("Q-Margin", f"{max(0.0, factor - 6.4):.2f}dB"),
        "",
        "OTU TTI Received ",
        "",
        _line("FEC mode", "O_FEC"),
        "",
    ]
    return "\n".join(rows)


def _line(name: str, text: str) -> str:
    return f"{name:<48}: {text}"


def _scientific(number: float) -> str:
    return f"{number:.1E}"


def pre_fec(scene: Scene, port: Port) -> float:
    """Bit errors before correction: ten times as many for 3 dB less light."""
    seen = scene.port(port.name)
    return float(min(0.5, 10 ** (-4.6 - (seen.rx_dbm + 8.0) / 3.0)))


def _q(ber: float) -> float:
    """The Q factor of a bit error rate, near enough (0.5·erfc(Q/√2), turned round)."""
    t = math.sqrt(-2.0 * math.log(max(min(ber, 0.49), 1e-300)))
    top = 2.515517 + 0.802853 * t + 0.010328 * t * t
    bottom = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t**3
    return max(0.01, t - top / bottom)
