"""What `show` answers about the neighbours: light, LLDP, IS-IS, BGP, BFD, NTP."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.spans import in_table
from dcctl.lab.systems.cisco_xe import kinds
from dcctl.lab.systems.cisco_xe.intent import intent
from dcctl.lab.systems.cisco_xe.scene import Scene
from dcctl.lab.systems.cisco_xe.show import optical

# High alarm, high warning, low warning, low alarm.
_THRESHOLDS = {
    "Temperature": (75.0, 70.0, 0.0, -5.0),
    "Voltage": (3.63, 3.46, 3.13, 2.97),
    "Current": (70.0, 68.0, 1.0, 0.5),
    "Transmit Power": (3.5, 0.5, -8.2, -12.2),
    "Receive Power": (3.5, 0.5, -14.4, -18.4),
}
_CALIBRATION = """\
If device is externally calibrated, only calibrated values are printed.
++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.
NA or N/A: not applicable, Tx: transmit, Rx: receive.
mA: milliamperes, dBm: decibels (milliwatts).
"""


def _optics(scene: Scene) -> list[tuple[str, dict[str, float]]]:
    wanted = scene.arguments[0] if scene.arguments else ""
    found = []
    for port in optical(scene):
        if wanted not in ("", port.name):
            continue
        seen = scene.around.ports[port.name]
        dark = seen.tx_dbm <= -40  # noqa: PLR2004 - the laser is off
        found.append(
            (
                kinds.short(port.name),
                {
                    "Temperature": seen.temperature_c,
                    "Voltage": 3.28,
                    "Current": 0.0 if dark else spread(f"bias {port.mac}", 22, 36),
                    "Transmit Power": seen.tx_dbm,
                    "Receive Power": seen.rx_dbm,
                },
            )
        )
    return found


def transceiver(scene: Scene) -> str:
    """`show interfaces transceiver`."""
    rows = [
        _CALIBRATION,
        "                                 Optical   Optical",
        "           Temperature  Voltage  Tx Power  Rx Power",
        "Port       (Celsius)    (Volts)  (dBm)     (dBm)",
        "---------  -----------  -------  --------  --------",
    ]
    for name, seen in _optics(scene):
        rows.append(
            f"{name:<9}  {seen['Temperature']:>6.1f}       {seen['Voltage']:>4.2f}    "
            f"{seen['Transmit Power']:>6.1f}    {seen['Receive Power']:>6.1f}   "
        )
    return "\n".join([*rows, ""])


def transceiver_detail(scene: Scene) -> str:
    """`show interfaces transceiver detail`."""
    units = {
        "Temperature": "(Celsius)",
        "Voltage": "(Volts)",
        "Current": "(milliamperes)",
        "Transmit Power": "(dBm)",
        "Receive Power": "(dBm)",
    }
    rows = [
        "mA: milliamperes, dBm: decibels (milliwatts), NA or N/A: not applicable.",
        "++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.",
        "A2D readouts (if they differ), are reported in parentheses.",
        "The threshold values are calibrated.",
        "",
    ]
    for quantity, unit in units.items():
        high_alarm, high, low, low_alarm = _THRESHOLDS[quantity]
        power = "Power" in quantity
        first = "           Optical            " if power else "                              "
        rows += [
            f"{first}High Alarm  High Warn  Low Warn   Low Alarm",
            f"           {quantity:<18} Threshold   Threshold  Threshold  Threshold",
            f"Port       {unit:<18} {unit:<11} {unit:<10} {unit:<10} {unit}",
            "---------  -----------------  ----------  ---------  ---------  ---------",
        ]
        for name, seen in _optics(scene):
            value = seen[quantity]
            mark = _mark(value, _THRESHOLDS[quantity])
            rows.append(
                f"{name:<9}  {value:>8.2f} {mark:<2}       {high_alarm:>8.2f}   {high:>8.2f}   {low:>8.2f}   {low_alarm:>8.2f}"
            )
        rows.append("")
    return "\n".join([*rows, ""])


def _mark(value: float, limits: tuple[float, float, float, float]) -> str:
    high_alarm, high, low, low_alarm = limits
    if value >= high_alarm:
        return "++"
    if value <= low_alarm:
        return "--"
    return "+" if value >= high else "-" if value <= low else ""


def lldp_neighbors(scene: Scene) -> str:
    """`show lldp neighbors`."""
    if "lldp run" not in scene.tree:
        return "% LLDP is not enabled\n"
    rows = [
        "Capability codes:",
        "    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device",
        "    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other",
        "",
        "Device ID           Local Intf     Hold-time  Capability      Port ID",
    ]
    # The column cuts long names, as the device does.
    rows += [
        f"{one.system[:20]:<20}{kinds.short(one.port):<15}120        R               {one.port_id}"
        for one in scene.around.heard
    ]
    rows += ["", f"Total entries displayed: {len(scene.around.heard)}", ""]
    return "\n".join(rows)


def lldp_detail(scene: Scene) -> str:
    """`show lldp neighbors detail`."""
    if "lldp run" not in scene.tree:
        return "% LLDP is not enabled\n"
    rows = []
    for one in scene.around.heard:
        address = dotted(one.mac)
        junos = one.platform.startswith("juniper")
        description = (
            "Juniper Networks, Inc. mx204 internet router, kernel JUNOS 22.4R3.25"
            if junos
            else "Cisco IOS Software [Cupertino], ASR1000 Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.9.4a"
        )
        rows.append(f"""\
------------------------------------------------
Local Intf: {kinds.short(one.port)}
Chassis id: {address}
Port id: {one.port_id}
Port Description: {one.description or one.port_id}
System Name: {one.system}

System Description: 
{description}

Time remaining: 101 seconds
System Capabilities: B,R
Enabled Capabilities: R
Management Addresses:
    IP: {one.management}
Auto Negotiation - not supported
Physical media capabilities - not advertised
Media Attachment Unit type - not advertised
Vlan ID: - not advertised

""")
    return "".join(rows) + f"\nTotal entries displayed: {len(scene.around.heard)}\n"


def isis_neighbors(scene: Scene) -> str:
    """`show isis neighbors`."""
    router = next((label for label in scene.tree if label.startswith("router isis")), "")
    if not router:
        return ""
    tag = router.removeprefix("router isis").strip()
    rows = [
        f"Tag {tag or 'null'}:",
        "System Id       Type Interface     IP Address      State Holdtime Circuit Id",
    ]
    for number, one in enumerate(scene.around.adjacencies, start=1):
        hold = 20 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 9))
        rows.append(
            f"{one.neighbor[:15]:<15} L{one.level:<3} {kinds.short(one.port):<13} {one.address:<15} "
            f"{'UP' if one.up else 'DOWN':<5} {hold:<8} {number:02d}              "
        )
    return "\n".join(["", *rows, ""])


def isis_neighbors_detail(scene: Scene) -> str:
    """`show isis neighbors detail`."""
    rows = isis_neighbors(scene).rstrip("\n").split("\n")
    if len(rows) < 3:  # noqa: PLR2004 - tag and heading
        return "\n".join([*rows, ""])
    written = rows[:3]
    for row, one in zip(rows[3:], scene.around.adjacencies, strict=False):
        area = intent(scene.element.chassis, scene.tree).area
        written += [
            row,
            f"  Area Address(es): {area}",
            "  SNPA: 0200.0000.0001",
            f"  State Changed: {in_table(scene.around.now - one.since)} ago",
            "  Format: Phase V",
            "  Remote TIDs: 0",
            f"  Interface name: {one.port}",
        ]
    return "\n".join([*written, ""])


def bgp_summary(scene: Scene) -> str:
    """`show ip bgp summary`."""
    wanted = intent(scene.element.chassis, scene.tree)
    if not wanted.asn:
        return "% BGP not active\n"
    rows = [
        f"BGP router identifier {wanted.router_id}, local AS number {wanted.asn}",
        "BGP table version is 1201, main routing table version 1201",
        "400 network entries using 99200 bytes of memory",
        "800 path entries using 108800 bytes of memory",
        "BGP using 214512 total bytes of memory",
        "BGP activity 412/12 prefixes, 824/24 paths, scan interval 60 secs",
        "",
        "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd",
    ]
    for one in scene.around.bgp:
        up = one.state == "established"
        lasted = scene.around.now - one.since
        messages = int(lasted / 30) if up else 0
        state = str(one.prefixes) if up else "Idle (Admin)" if one.state == "idle" else "Idle"
        rows.append(
            f"{one.address:<15} 4 {one.remote_as:>12} {messages:>7} {messages:>7} "
            f"{1201 if up else 1:>8}    0    0 {in_table(lasted) if one.since else 'never':<8} {state:>12}"
        )
    return "\n".join([*rows, ""])


def bfd_neighbors(scene: Scene) -> str:
    """`show bfd neighbors`."""
    sessions = [one for one in scene.around.adjacencies if one.bfd]
    if not sessions:
        return ""
    rows = [
        "",
        "IPv4 Sessions",
        "NeighAddr                              LD/RD         RH/RS     State     Int",
    ]
    for number, one in enumerate(sessions, start=4097):
        rows.append(
            f"{one.address:<38} {number}/{number:<8} Up        {'Up' if one.up else 'Down':<9} {kinds.short(one.port)}"
        )
    return "\n".join([*rows, ""])


def bfd_details(scene: Scene) -> str:
    """`show bfd neighbors details`."""
    sessions = [one for one in scene.around.adjacencies if one.bfd]
    rows = ["", "IPv4 Sessions"] if sessions else []
    for number, one in enumerate(sessions, start=4097):
        rows += [
            "NeighAddr                              LD/RD         RH/RS     State     Int",
            f"{one.address:<38} {number}/{number:<8} Up        Up        {kinds.short(one.port)}",
            "Session state is UP and not using echo function.",
            "Session Host: Software",
            f"OurAddr: {one.own_address:<15}",
            f"Handle: {number - 4096}",
            "Local Diag: 0, Demand mode: 0, Poll bit: 0",
            "MinTxInt: 50000, MinRxInt: 50000, Multiplier: 3",
            "Received MinRxInt: 50000, Received Multiplier: 3",
            "Holddown (hits): 142(0), Hello (hits): 50(78231)",
            "Rx Count: 78237, Rx Interval (ms) min/max/avg: 2/60/45 last: 8 ms ago",
            "Tx Count: 78233, Tx Interval (ms) min/max/avg: 2/60/45 last: 23 ms ago",
            "Elapsed time watermarks: 0 0 (last: 0)",
            "Registered protocols: ISIS CEF ",
            f"Uptime: {in_table(scene.around.now - one.since)}",
            "",
        ]
    return "\n".join([*rows, ""]) if rows else ""


def ntp_status(scene: Scene) -> str:
    """`show ntp status`."""
    around = scene.around
    if not intent(scene.element.chassis, scene.tree).ntp:
        return "%NTP is not enabled.\n"
    at = datetime.fromtimestamp(around.clock, UTC)
    reference = f"{int(around.clock) + 2208988800:08X}.{at.microsecond * 4294:08X}"
    state = (
        f"Clock is synchronized, stratum 3, reference is {around.ntp_source}"
        if around.synchronised
        else "Clock is unsynchronized, stratum 16, no reference clock"
    )
    return f"""\
{state}
nominal freq is 250.0000 Hz, actual freq is 250.0003 Hz, precision is 2**10
ntp uptime is {int(around.now - scene.element.booted) * 100} (1/100 of seconds), resolution is 4000
reference time is {reference} ({at:%H:%M:%S}.{at.microsecond // 1000:03d} UTC {at:%a %b} {at.day} {at.year})
clock offset is {around.ntp_offset_ms:.4f} msec, root delay is 1.24 msec
root dispersion is 8.10 msec, peer dispersion is 1.86 msec
loopfilter state is {"'CTRL' (Normal Controlled Loop)" if around.synchronised else "'FSET' (Drift set from file)"}, drift is -0.000001205 s/s
system poll interval is 64, last update was 31 sec ago.
"""


def ntp_associations(scene: Scene) -> str:
    """`show ntp associations`."""
    around = scene.around
    wanted = intent(scene.element.chassis, scene.tree).ntp
    if not wanted:
        return ""
    rows = ["", "  address         ref clock       st   when   poll reach  delay  offset   disp"]
    for number, server in enumerate(wanted):
        if around.synchronised:
            mark = "*~" if number == 0 else "+~"
            offset = around.ntp_offset_ms + number * 0.1
            rows.append(
                f"{mark}{server:<15} 10.255.255.1     2     31     64   377  1.240 {offset:>7.3f}  1.860"
            )
        else:
            rows.append(
                f" ~{server:<15} .INIT.          16      -     64     0  0.000   0.000 15937."
            )
    rows.append(" * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured")
    return "\n".join([*rows, ""])
