"""What SAOS 6 answers: tables drawn with `+`, `-` and `|`, as public recordings show them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import AlarmState, Element, PortState, Surroundings
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.ciena_saos import config

RELEASE = "saos-06-18-00-1848"
_DOWN = PortState()
_TX = (2.4993, 0.4999, -8.2013, -10.2003)  # high alarm, high warning, low warning, low alarm
_RX = (2.0, 1.0, -17.0115, -18.0134)
_SHORT = {"critical": "CR", "major": "MJ", "minor": "MN", "warning": "WR"}

Show = Callable[[Element, Surroundings, Sequence[str]], str]


def _text(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


def _title(text: str, width: int) -> str:
    """`+---- TEXT ----+`, the text in the middle."""
    inside = f" {text} "
    left = (width - 2 - len(inside)) // 2
    return f"+{'-' * left}{inside}{'-' * (width - 2 - left - len(inside))}+"


def _moment(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)


def software(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`software show`."""
    wide = "+" + "-" * 78 + "+"
    ago = int(around.now - element.booted)
    valid = f"valid (validated {ago // 3600:>5}hr {ago // 60 % 60:>2}min {ago % 60:>2}sec ago)"
    rows = [
        ("Installed Package   ", element.software.committed or RELEASE),
        ("Running Package     ", element.software.release or RELEASE),
        ("Application Build   ", "17704"),
        ("Package Build Info  ", "Thu Feb 21 04:19:00 2019 autouser onxvpnjk02"),
        ("Running Kernel      ", "3.10.54-grsec"),
        ("Running MIB Version ", "04-18-00-0028"),
        ("Release Status      ", "GA"),
    ]
    banks = []
    for name, bank in (("Running bank        ", "B"), ("Standby bank        ", "A")):
        banks += [
            (name, bank),
            ("Bank package version", element.software.release or RELEASE),
            ("Bootloader version  ", "17704"),
            ("Bootloader status   ", "valid"),
            ("Bank status         ", valid),
        ]
    return _text(
        wide,
        *(f"| {f'{name}: {text}':<77}|" for name, text in rows),
        wide,
        *(f"| {f'{name}: {text}':<77}|" for name, text in banks),
        wide,
        f"| {'Last command file: unknown':<77}|",
        f"| {'Last configuration file: unknown':<77}|",
        wide,
    )


def _facts(title: str, rows: Sequence[tuple[str, str]], name: int = 27, wide: int = 23) -> str:
    line = f"+{'-' * name}+{'-' * wide}+"
    head = f"| {'Parameter':<{name - 1}}| {'Value':<{wide - 1}}|"
    body = [f"| {key:<{name - 1}}| {text:<{wide - 1}}|" for key, text in rows]
    return _text(_title(title, name + wide + 3), head, line, *body, line)


def device_id(element: Element, _around: Surroundings, _words: Sequence[str]) -> str:
    """`chassis show device-id`."""
    mac = element.chassis.ports[0].mac if element.chassis.ports else "0" * 12
    return _facts(
        "CHASSIS DEVICE ID",
        [
            ("Device Type", "087"),
            ("Part Number/Revision", "1703930900/D"),
            ("Serial Number", element.chassis.serial),
            ("Manufactured Date", "20180912"),
            ("CLEI Code", "CMMMA00ARC"),
            ("Location of Manufacture", "11"),
            ("Chassis MAC Address", ":".join(mac[i : i + 2] for i in range(0, 12, 2))),
            ("Param Version", "002"),
        ],
    )


def capabilities(element: Element, _around: Surroundings, _words: Sequence[str]) -> str:
    """`chassis show capabilities`."""
    model = element.chassis.model
    return _facts(
        "PLATFORM CAPABILITIES",
        [
            ("Platform Type", "087"),
            ("Platform Name", model),
            ("Platform Description", f"{model} Service Delivery Switch"),
            ("No. Slots", "1"),
            ("No. Fan Trays", "1"),
            ("Redundant Power", "Supported"),
            ("Max Physical Ports", str(len(element.chassis.ports))),
        ],
        34,
        49,
    )


def power(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`chassis show power`."""
    line = "+---------+--------------+------------+---------+"
    off = any("PSA" in one.text for one in around.alarms)
    number = int(spread(element.chassis.name, 1000000, 9999999))
    table = _text(
        "+------------- POWER SUPPLY STATUS -------------+",
        "| Module  | Part Number  | Type       | State   |",
        line,
        f"| PSA     | 170-0014-900 | AC         | {'Offline' if off else 'Online':<8}|",
        f"| PSB     | 170-0014-900 | AC         | {'Online':<8}|",
        line,
    )
    return table + "".join(
        "\n"
        + _facts(
            f"POWER SUPPLY {name}",
            [
                ("Part Number", "170-0014-900"),
                ("Serial Number", f"M{number + place}"),
                ("Revision", ";;C"),
                ("CLEI Code", "CMUPAABAAA"),
                ("Manufactured Date", "20180801"),
                ("Input", "AC"),
                ("Input Voltage", "85-265"),
                ("Output Voltage", "12"),
                ("Manufacturing Location", "CHINA"),
                ("Checksum", "98"),
            ],
        )
        for place, name in enumerate(("PSA", "PSB"))
    )


def temperature(element: Element, _around: Surroundings, _words: Sequence[str]) -> str:
    """`chassis show temperature`."""
    now = int(spread(element.chassis.name, 18, 34))
    return _text(
        "+- TEMPERATURE THRESHOLD -+",
        "| Low        | High       |",
        "+------------+------------+",
        "| -40 C      | 65  C      |",
        "+------------+------------+",
        "",
        "+--- TEMPERATURE STATUS --+",
        "| Current | Low   | High  |",
        "+---------+-------+-------+",
        f"| {now:<3} C   | {now - 3:<3} C | {now + 4:<3} C |",
        "+---------+-------+-------+",
    )


def _up(element: Element, around: Surroundings, port: str) -> bool:
    there = around.ports.get(port, _DOWN)
    return there.up and not config.disabled(element.running, port)


def _since(element: Element, around: Surroundings, port: str, form: str) -> str:
    there = around.ports.get(port, _DOWN)
    whole = int(around.now - max(there.since, element.booted))
    if not _up(element, around, port):
        whole = 0
    days, rest = divmod(max(0, whole), 86400)
    hours, minutes, seconds = rest // 3600, rest // 60 % 60, rest % 60
    if form == "long":
        return f"{days:>4}d{hours:>2}h{minutes:>2}m{seconds:>2}s"
    return (
        f"{days:>3}d{hours:>2}h{minutes:>2}m" if days else f"{hours:>3}h{minutes:>2}m{seconds:>2}s"
    )


def _ports(element: Element) -> list[str]:
    return [
        port.name for port in element.chassis.ports if port.name != element.chassis.management_port
    ]


def ports(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`port show`."""
    rows = []
    for name in _ports(element):
        up = _up(element, around, name)
        mode = " 10G/FD" if up else "       "
        neg = " On " if up else "    "
        admin = " Dis" if config.disabled(element.running, name) else "Ena "
        rows.append(
            f"| {name:<8}| G/10Gig |{' Up ' if up else 'Down'}|"
            f"{_since(element, around, name, 'long'):>14}|{'Ena ' if up else '    '}|"
            f"{'FWD' if up else 'Dis'}|{mode}|{neg}|{admin}|Auto/FD| On |"
        )
    aggregates = config.all_values(element.running, "aggregation create agg")
    for name in aggregates:
        inside = _members(element.running, name)
        up = any(_up(element, around, port) for port in inside)
        rows.append(
            f"| {name:<8}| LAG     |{' Up ' if up else 'Down'}|"
            f"{_since(element, around, inside[0], 'long') if up else '   0d 0h 0m 0s':>14}|    |"
            f"{'FWD' if up else 'Dis'}|       |    |Ena |       |    |"
        )
    return _text(
        "+--------------- PORT GLOBAL CONFIGURATION ----------------+",
        "|            Parameter             |       Value           |",
        "+----------------------------------+-----------------------+",
        "| Rx Low Power Detect Admin State  | Disabled              |",
        "+----------------------------------+-----------------------+",
        "+-------------------------------------------------------------------------------+",
        "| Port Table        |           Operational Status            |  Admin Config   |",
        "|---------+---------+----+--------------+----+---+-------+----+----+-------+----|",
        "| Port    | Port    |    |  Link State  |    |   |       |Auto|    |       |Auto|",
        "| Name    | Type    |Link|   Duration   |XCVR|STP| Mode  |Neg |Link| Mode  |Neg |",
        "|---------+---------+----+--------------+----+---+-------+----+----+-------+----|",
        *rows,
        "+---------+---------+----+--------------+----+---+-------+----+----+-------+----+",
    )


def _members(tree: Tree, aggregate: str) -> list[str]:
    return list(config.all_values(tree, f"aggregation add agg {aggregate} port"))


def status(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`port show status`."""
    line = "+----+-------------------------------+----+----------+----+---+-------+-----+-----+"
    rows = []
    for name in _ports(element):
        up = _up(element, around, name)
        text = config.value(element.running, f"port set port {name} description")[:31]
        size = config.value(element.running, f"port set port {name} max-frame-size", "1526")
        rows.append(
            f"|{name:<4}|{text:<31}|{' Up ' if up else 'Down'}|"
            f"{_since(element, around, name, 'short'):>10}|{'Ena ' if up else '    '}|"
            f"{'FWD' if up else 'Dis'}|{' 10G/FD' if up else '       '}|{size:>5}|"
            f"{'off' if up else '':<5}|"
        )
    return _text(
        _title("PORT OPERATIONAL STATUS", len(line)),
        "|    |                               |    |Link State|    |   |Speed/ |MTU  |Flow |",
        "| ## | Description                   |Link|Duration  |XCVR|STP|Duplex |Size |Ctrl |",
        line,
        *rows,
        line,
    )


def ethernet(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`port show ethernet-config`."""
    line = "+--------+---------+-------+------+-----+----+----+-----+------+-----+----+----+"
    rows = []
    for name in _ports(element):
        admin = "Dis" if config.disabled(element.running, name) else "Ena"
        size = config.value(element.running, f"port set port {name} max-frame-size", "1526")
        full = "Full" if _up(element, around, name) else "??  "
        rows.append(
            f"| {name:<7}| {'G/10Gig':<8}| {admin:<6}| {'Auto':<5}| {full}|off |off | On  |"
            f" {size:<5}| Off | 0  | 0  |"
        )
    return _text(
        _title("PORT ETHERNET CONFIGURATION", len(line)),
        "|        |         |       |      |     |    |    |     |      |    Mirror     |",
        "| Port   | Port    | Admin |      |     |    | FC | Auto| MTU  |    Status     |",
        "| Name   | Type    | Status| Speed| Dplx| FC | Adv| Neg | Size |State| Eg | Ig |",
        line,
        *rows,
        line,
    )


def transceivers(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`port xcvr show`."""
    line = "+----+-----+-----+---------------------------------------+-----+----------------+----+"
    rows = []
    for port in element.chassis.ports:
        if port.name == element.chassis.management_port:
            continue
        if not port.optic:
            rows.append(f"|{port.name:<4}|Empty|     |{'':<39}|     |{'':<16}|    |")
            continue
        on = "Ena  " if _up(element, around, port.name) else "     "
        rows.append(
            f"|{port.name:<4}|Ena  |{on}|{'CIENA-LMT XCVR-S10V31 Rev0003':<39}|A    |"
            f"{'10GBASE-LR/LC':<16}|Yes |"
        )
    return _text(
        "+----+-----+-----+---------Transceiver-Status------------+-----+----------------+----+",
        "|    |Admin| Oper|                                       |Ciena|Ether Medium &  |Diag|",
        "|Port|State|State|      Vendor Name & Part Number        | Rev |Connector Type  |Data|",
        line,
        *rows,
        line,
    )


def diagnostics(element: Element, around: Surroundings, words: Sequence[str]) -> str:
    """`port xcvr show port N diagnostics`."""
    name = words[4]
    port = next((one for one in element.chassis.ports if one.name == name), None)
    if port is None:
        return f"ERROR: Port {name} does not exist\n"
    if not port.optic:
        return f"ERROR: Port {name} transceiver is not installed\n"
    there = around.ports.get(name, _DOWN)
    line = "+---------------+----------+---------------+------+---------------+------+"
    warm = (100.0, 95.0, -5.0, -10.0)
    return _text(
        f"+--------------------- XCVR DIAGNOSTICS - Port {name:<8} -----------------+",
        "|               |          |         Alarm        |        Warning       |",
        "| Output        | Value    | Threshold     | Flag | Threshold     | Flag |",
        line,
        *_reading("Temp    (degC)", there.temperature_c, warm, " .3f"),
        line,
        *_reading(
            "Bias     (mA) ", spread(f"bias {name}", 28.0, 44.0), (90.0, 80.0, 5.0, 2.0), " .3f"
        ),
        line,
        *_reading("Tx Power (dBm)", there.tx_dbm, _TX, "+.4f"),
        line,
        *_reading("Rx Power (dBm)", there.rx_dbm, _RX, "+.4f"),
        line,
    )


def _reading(name: str, number: float, limits: tuple[float, ...], form: str) -> list[str]:
    high_alarm, high_warning, low_warning, low_alarm = limits
    return [
        (
            f"| {name}|{format(number, form):>9} | HIGH {format(high_alarm, form):>8} | "
            f"{int(number > high_alarm):<5}| HIGH {format(high_warning, form):>8} | "
            f"{int(number > high_warning):<5}|"
        ),
        (
            f"|{'':<15}|{'':<10}| LOW {format(low_alarm, form):>9} | {int(number < low_alarm):<5}|"
            f" LOW {format(low_warning, form):>9} | {int(number < low_warning):<5}|"
        ),
    ]


def lldp(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`lldp show neighbors`."""
    wide = "+" + "-" * 110 + "+"
    line = "+-------------+--------------------------------+" + "-" * 63 + "+"

    def own(text: str) -> str:
        return f"| {text:<109}|"

    rows = []
    for one in around.heard:
        info = [f" Chassis Id: {one.mac.upper()}"]
        info += [f"  Mgmt Addr: {one.management}"] if one.management else []
        info += [f"System Name: {one.system}", f"System Desc: {one.platform}"]
        for number, text in enumerate(info):
            local, far = (one.port, one.port_id) if number == 0 else ("", "")
            rows.append(f"|{local:<13}|{far:<32}| {text:<62}|")
        rows.append(line)
    model = element.chassis.model
    address = element.chassis.management_address.partition("/")[0]
    return _text(
        wide,
        f"|{'LLDP Neighbors':^110}|",
        wide,
        *([own(f"Remote Addr: {address}")] if address else []),
        own(f"System Name: {config.hostname(element.running)}"),
        own(f"System Desc: Ciena {model} Service Delivery Switch"),
        line,
        f"|{'Local':<13}|{'Remote':^96}|",
        line,
        f"|{'Port':<13}|{'Port':<32}|{'Info':<63}|",
        line,
        *rows,
    )


def alarms(_element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`alarm show`."""
    line = "+-----+------+----+------+-------+---------------------+-------------------------+"
    rows = [_alarm(number, one) for number, one in enumerate(around.alarms, 1)]
    return _text(
        _title("ACTIVE ALARM TABLE", len(line)),
        "| Idx | Sev  | SA | Cond | Obj   | Time                | Desc                    |",
        line,
        *rows,
        line,
    )


def _alarm(number: int, one: AlarmState) -> str:
    when = f"{_moment(one.since):%Y-%m-%d %H:%M:%S}"
    return (
        f"| {number:<4}| {_SHORT.get(one.severity, 'MJ'):<5}| Y  | SET  | 1     | {when:<20}| "
        f"{one.text:<24}|"
    )


def ntp(element: Element, around: Surroundings, _words: Sequence[str]) -> str:
    """`ntp client show`."""
    line = (
        "+-----------------------------------------+----------------------+---------+"
        "-----------+-----+-----+------+---------+-----+--------+"
    )
    rows = []
    for server in config.all_values(element.running, "ntp client add server"):
        good = around.synchronised
        chosen = good and server == around.ntp_source
        offset = around.ntp_offset_ms if good else 0.0
        rows.append(
            f"|{server:<41}|{server:<22}|{'0':<9}|{'user':<11}|Ena  |Ena  |"
            f"{'Reach' if good else 'UnReac':<6}|{'SysPeer' if chosen else 'Reject':<9}|None |"
            f"{offset:>8.3f}|"
        )
    return _text(
        _title("NTP SERVER CONFIGURATION", len(line)),
        f"|{'':<41}|{'':<22}|  Auth   |  Config   |Admin|Oper |Server| Server  |Auth | Offset |",
        "| IP Address                              | Host Name            | Key ID  |  State    "
        "|State|State|State |Condition|State| (ms)   |",
        line,
        *rows,
        line,
    )


def interfaces(element: Element, _around: Surroundings, _words: Sequence[str]) -> str:
    """`interface show`."""
    line = "+-----------------+--------------------+--------------------------------------------+"
    tree = element.running
    rows = []
    for name, domain in (("local", "n/a"), ("remote", "VLAN ")):
        address = config.value(tree, f"interface {name} set ip")
        vlan = config.value(tree, "interface remote set vlan", "127")
        if address:
            shown = domain if name == "local" else f"{domain}{vlan}"
            rows.append(f"| {name:<16}| {shown:<19}| {address:<43}|")
    gateway = config.value(tree, "interface set gateway", "Not configured")
    state = [
        ("IPv4 Gateway", gateway),
        ("IPv6 Gateway", "Not configured"),
        ("IPv4 Forwarding", "Off"),
    ]
    return _text(
        _title("INTERFACE MANAGEMENT", len(line)),
        "| Name            | Domain             | IP Address/Prefix                          |",
        line,
        *rows,
        line,
    ) + _facts("TCP/IP/STACK OPERATIONAL STATE", state, 21, 41)


def _head(element: Element, around: Surroundings) -> list[str]:
    mac = element.chassis.ports[0].mac if element.chassis.ports else "0" * 12
    return [
        f"! {element.chassis.model} Configuration File",
        f"! Chassis MAC: {':'.join(mac[i : i + 2] for i in range(0, 12, 2))}",
        f"! Host Name: {config.hostname(element.running)}",
        f"! Created: {_moment(around.clock):%a %b %d %H:%M:%S %Y}",
        "! Created by: CLI",
        "! On terminal:",
        f"! SW Package: Slot 1 - {element.software.release or RELEASE}",
        "! Build Number: 17704",
        "! MIB Number: 04-18-00-0028",
        "! Defaults: Suppressed",
        "! Encoding: US-ASCII",
        "!",
    ]


def configuration(element: Element, around: Surroundings, words: Sequence[str]) -> str:
    """`configuration show [brief|differences-from-saved]`."""
    if words[-1] == "brief":
        return _text(*config.brief(element.running))
    if words[-1] == "differences-from-saved":
        old, new = config.brief(element.startup), config.brief(element.running)
        return _text(*(row for row in difflib.ndiff(old, new) if row[0] in "-+"))
    return _text(*config.whole(element.running, lambda: _head(element, around)))


def search(element: Element, _around: Surroundings, words: Sequence[str]) -> str:
    """`configuration search string TEXT`."""
    wanted = words[-1].strip('"')
    return _text(*(line for line in config.brief(element.running) if wanted in line))


SHOWS: dict[str, Show] = {
    "software show": software,
    "chassis show device-id": device_id,
    "chassis device-id show": device_id,
    "chassis show capabilities": capabilities,
    "chassis show power": power,
    "chassis show temperature": temperature,
    "port show": ports,
    "port show status": status,
    "port show ethernet-config": ethernet,
    "port xcvr show": transceivers,
    "port xcvr show port <word> diagnostics": diagnostics,
    "lldp show neighbors": lldp,
    "alarm show": alarms,
    "ntp client show": ntp,
    "interface show": interfaces,
    "configuration show": configuration,
    "configuration show brief": configuration,
    "configuration show differences-from-saved": configuration,
    "configuration search string <line>": search,
    "configuration search running-config string <line>": search,
}
