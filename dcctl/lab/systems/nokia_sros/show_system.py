"""What SR OS answers about its software, its cards, its alarms and its sessions."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import AlarmState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.nokia_sros import software, standby
from dcctl.lab.systems.nokia_sros.intent import at, entries, hostname
from dcctl.lab.systems.nokia_sros.scene import (
    DOUBLE,
    SINGLE,
    build,
    lines,
    moment,
    stamped,
    table,
)

_ALARM_KINDS = {"critical": "3-2001-1", "major": "7-2011-1", "minor": "7-2005-1"}


def dual(scene: Scene) -> bool:
    """Whether this chassis holds two control processors."""
    return software.dual(scene.element.chassis)


def _model(scene: Scene) -> str:
    model = scene.element.chassis.model
    return model.replace("7750-", "7750 ", 1) if model.startswith("7750-") else model


def version(scene: Scene) -> str:
    """`show version`."""
    return lines(*build(scene.element.software.release))


def time(scene: Scene) -> str:
    """`show time`."""
    now = moment(scene.around.clock)
    return lines(f"{now:%a %b} {now.day:>2} {now:%H:%M:%S UTC %Y}")


def _up(scene: Scene) -> str:
    whole = max(0.0, scene.around.now - scene.element.booted)
    days, rest = divmod(int(whole), 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}.{int(whole * 100) % 100:02d}"
    return f"{days} days, {clock} (hr:min:sec)"


def uptime(scene: Scene) -> str:
    """`show uptime`."""
    return lines(f"System Up Time         : {_up(scene)}")


def information(scene: Scene) -> str:
    """`show system information`."""
    system = at(scene.tree, "configure", "system")
    security = at(system, "security")
    saved = scene.element.saved_by != "factory"
    state_of = software.installed(scene.element)

    def allowed(name: str) -> str:
        return "Enabled" if value(security, name) == "true" else "Disabled"

    telnet, ftp = allowed("telnet-server"), allowed("ftp-server")
    ssh = "Disabled" if value(at(security, "ssh"), "server-admin-state") == "disable" else "Enabled"
    state = {"Enabled": "Up", "Disabled": "Down"}
    rows = [
        f"System Name            : {hostname(scene.tree)}",
        f"System Type            : {_model(scene)}",
        "Chassis Topology       : Standalone",
        f"System Version         : C-{scene.element.software.release}",
        f"System Contact         : {value(system, 'contact')}",
        f"System Location        : {value(system, 'location')}",
        f"System Coordinates     : {value(system, 'coordinates')}",
        f"System Active Slot     : {'AB'[state_of.active]}",
        f"System Up Time         : {_up(scene)}",
        "",
        "Configuration Mode Cfg : model-driven",
        "Configuration Mode Oper: model-driven",
        "",
        "SNMP Port              : 161",
        "SNMP Admin State       : Disabled",
        "SNMP Oper State        : Disabled",
        "",
        f"Tel/Tel6/SSH/FTP Admin : {telnet}/Disabled/{ssh}/{ftp}",
        f"Tel/Tel6/SSH/FTP Oper  : {state[telnet]}/Down/{state[ssh]}/{state[ftp]}",
        "",
        "BOF Source             : cf3:",
        f"Image Source           : {state_of.processors[state_of.active].source}",
        "Config Source          : primary",
        "Last Booted Config File: cf3:\\config.cfg",
        f"Last Saved Config      : {'cf3:' + chr(92) + 'config.cfg' if saved else 'N/A'}",
        f"Time Last Saved        : {stamped(scene.element.saved) if saved else 'N/A'}",
        f"Changes Since Last Save: {'No' if _same(scene) else 'Yes'}",
        f"Time Last Modified     : {stamped(scene.element.changed)}",
        "Max Cfg/BOF Backup Rev : 5",
    ]
    return "\n" + table("System Information", *rows)


def _same(scene: Scene) -> bool:
    return scene.tree is scene.element.startup


def _slots(scene: Scene) -> list[tuple[str, str, str]]:
    """(slot, type, operational state) of every card that is configured or always there."""
    found = [
        (number, value(below, "card-type"), "failed" if scene.element.software.alarms else "up")
        for number, below in entries(at(scene.tree, "configure"), "card")
    ]
    active = software.installed(scene.element).active
    names = "AB" if standby.present(scene) else "AB"[active]
    for number, name in enumerate("AB"):
        role = "active" if number == active else "standby"
        found += [(name, "cpm5", f"up/{role}")] if name in names else []
    return found


_CARD_HEAD = (
    "Slot      Provisioned Type                         Admin Operational   Comments",
    "              Equipped Type (if different)         State State",
    SINGLE,
)


def _card_row(slot: str, kind: str, state: str) -> str:
    return f"{slot:<10}{kind:<41}{'up':<6}{state}"


def cards(scene: Scene) -> str:
    """`show card`."""
    rows = [_card_row(*one) for one in _slots(scene)]
    return "\n" + table("Card Summary", *_CARD_HEAD, *rows)


def card_detail(scene: Scene) -> str:
    """`show card N detail`."""
    wanted = next((one for one in _slots(scene) if one[0] == scene.arguments[0].upper()), None)
    if wanted is None:
        return f"MINOR: CLI Invalid card slot '{scene.arguments[0]}'.\n"
    rows = [*_CARD_HEAD, _card_row(*wanted), "", *_hardware(scene, f"card {wanted[0]}")]
    return "\n" + table(f"Card {wanted[0]}", *rows)


def _hardware(scene: Scene, part: str) -> list[str]:
    name = scene.element.chassis.name
    number = int(spread(f"{name} {part}", 1000000, 9999999))
    serial = scene.element.chassis.serial if part == "chassis" else f"NS{number}"
    return [
        "Hardware Data",
        f"    Platform type                 : {_model(scene)[:4]}",
        f"    Part number                   : 3HE{number % 100000:05d}AARA01",
        "    CLEI code                     : (Not Specified)",
        f"    Serial number                 : {serial}",
        "    Manufacture date              : 03152022",
        "    Manufacturing deviations      : (Not Specified)",
        "    Manufacturing assembly number : (Not Specified)",
        "    Administrative state          : up",
        "    Operational state             : up",
        f"    Temperature                   : {int(spread(name + part, 29, 44))}C",
        "    Temperature threshold         : 75C",
        f"    Time of last boot             : {stamped(scene.element.booted)}",
        "    Current alarm state           : alarm cleared",
    ]


def _mdas(scene: Scene) -> list[tuple[str, str, str]]:
    return [
        (card, mda, value(inner, "mda-type"))
        for card, below in entries(at(scene.tree, "configure"), "card")
        for mda, inner in entries(below, "mda")
    ]


def mdas(scene: Scene) -> str:
    """`show mda`."""
    rows = [f"{card:<6}{mda:<6}{kind:<44}{'up':<10}up" for card, mda, kind in _mdas(scene)]
    return "\n" + table(
        "MDA Summary",
        "Slot  Mda   Provisioned Type                            Admin     Operational",
        "                Equipped Type (if different)            State     State",
        SINGLE,
        *rows,
    )


def card_state(scene: Scene) -> str:
    """`show card state`."""
    rows = []
    for slot, kind, state in _slots(scene):
        oper, _, role = state.partition("/")
        inner = [one for one in _mdas(scene) if one[0] == slot]
        count = str(len(inner)) if inner else ""
        rows.append(f"{slot:<7}{kind:<34}{'up':<6}{oper:<12}{'':<6}{count:<4}{role.capitalize()}")
        for card, mda, name in inner:
            ports = len(scene.element.chassis.ports)
            rows.append(f"{f'{card}/{mda}':<7}{name:<34}{'up':<6}{'up':<12}{ports}")
    return "\n" + table(
        "Card State",
        "Slot/  Provisioned Type                  Admin Operational   Num   Num Comments",
        "Id         Equipped Type (if different)  State State         Ports MDA",
        SINGLE,
        *rows,
    )


def _lamp(scene: Scene, severity: str) -> str:
    lit = any(one.severity == severity for one in scene.around.alarms)
    return "Red" if lit else "Off"


def chassis(scene: Scene) -> str:
    """`show chassis`."""
    return "\n" + table("System Information", *_chassis_rows(scene), *_summary())


def _chassis_rows(scene: Scene) -> list[str]:
    ports = [p for p in scene.element.chassis.ports if p.optic]
    mac = scene.element.chassis.ports[0].mac if scene.element.chassis.ports else "0" * 12
    return [
        f"    Name                              : {hostname(scene.tree)}",
        f"    Type                              : {_model(scene)}",
        "    Chassis Topology                  : Standalone",
        "    Location                          : (Not Specified)",
        "    Coordinates                       : (Not Specified)",
        "    CLLI code                         :",
        f"    Number of slots                   : {7 if dual(scene) else 2}",
        f"    Num of faceplate ports/connectors : {len(ports)}",
        f"    Num of physical ports             : {len(ports)}",
        f"    Critical LED state                : {_lamp(scene, 'critical')}",
        f"    Major LED state                   : {_lamp(scene, 'major')}",
        f"    Minor LED state                   : {_lamp(scene, 'minor')}",
        "    Over Temperature state            : OK",
        f"    Base MAC address                  : {':'.join(mac[i : i + 2] for i in range(0, 12, 2))}",
        "    FP Generations                    : FP4",
        "    System Profile                    : none",
    ]


def _summary() -> list[str]:
    return [
        SINGLE,
        "Chassis Summary",
        SINGLE,
        "Chassis   Role                Status",
        "1         Standalone          up",
    ]


def chassis_detail(scene: Scene) -> str:
    """`show chassis detail`, `environment` and `power-supply`."""
    wanted = scene.line.split()[-1]
    environment = ["Environment Information", "  Number of fan trays               : 2"]
    for tray in (1, 2):
        environment += [
            "",
            f"  Fan tray number                   : {tray}",
            "    Speed                           : half speed",
            "    Status                          : up",
        ]
    power = ["Power Supply Information", "  Number of power supplies          : 2"]
    failed = {one.text for one in scene.around.alarms}
    for supply in (1, 2):
        down = any(f"PEM {supply}" in text or f"Power supply {supply}" in text for text in failed)
        power += [
            "",
            f"  Power supply number               : {supply}",
            "    Defaulted power supply type     : dc",
            "    Power supply model              : pem",
            f"    Status                          : {'down' if down else 'up'}",
        ]
    if wanted == "environment":
        return table("Chassis 1 Detail", *environment)
    if wanted == "power-supply":
        return table("Chassis 1 Detail", *power)
    head = table("System Information", *_chassis_rows(scene), *_summary())
    rows = [*_hardware(scene, "chassis"), SINGLE, *environment, SINGLE, *power]
    return "\n" + head + "\n" + table("Chassis 1 Detail", *rows)


def _standing(scene: Scene) -> list[AlarmState]:
    own = scene.element
    return [
        *scene.around.alarms,
        *(AlarmState(text=one, since=own.booted) for one in own.software.alarms),
    ]


def alarms(scene: Scene) -> str:
    """`show system alarms`, the newest first."""
    wanted = scene.line.split()[-1] if "severity" in scene.line else ""
    found = [one for one in _standing(scene) if wanted in ("", one.severity)]
    counts = [
        f"{name}:{sum(one.severity == name.lower() for one in found)}"
        for name in ("Critical", "Major", "Minor", "Warning")
    ]
    rows = [row for pair in reversed(list(enumerate(found, 1))) for row in _alarm(*pair)]
    return "\n" + table(
        f"Alarms [{' '.join(counts)} Total:{len(found)}]",
        "Index      Date/Time               Severity  Alarm      Resource",
        "   Details",
        SINGLE,
        *(rows or ["No Matching Entries"]),
    )


def _alarm(number: int, alarm: AlarmState) -> list[str]:
    when = f"{stamped(alarm.since)}.{int(alarm.since * 100) % 100:02d}"
    kind = _ALARM_KINDS.get(alarm.severity, "7-2011-1")
    return [
        f"{number:<11}{when:<24}{alarm.severity.upper():<10}{kind:<11}Chassis 1",
        f"   {alarm.text}",
    ]


def users(scene: Scene) -> str:
    """`show users`."""
    rows = [
        f"{f'{one.number} {one.user}':<34}{'SSHv2':<6}{stamped(one.since)}   0d 00:00:00\n"
        f"  {one.peer}"
        for one in scene.around.users
    ]
    count = f"Number of users : {len(rows)}"
    head = (
        "User                             Type   Login time                 Idle time",
        "  From",
    )
    return lines(DOUBLE, *head, DOUBLE, *rows, SINGLE, count, DOUBLE)


def sessions(scene: Scene) -> str:
    """`show system management-interface configuration-sessions`."""
    rows = []
    for one in scene.around.users:
        if one.mode != "exec":
            own = "#" if one.number == scene.terminal.number else ""
            locked = "Locked" if scene.element.lock == one.number else "Unlocked"
            rows.append(f"{f'{one.number}{own}':<11}{one.mode.capitalize():<25}MD-CLI")
            rows.append(f"  {one.user:<40}{stamped(one.since)}")
            rows.append(f"  {one.peer:<40}{locked}")
    return "\n" + table(
        "Management Interface Configuration Sessions",
        "Session ID  Region           Datastore                Lock State",
        "  Username                   Session Mode             Idle Time",
        "  Session Type               From",
        SINGLE,
        *rows,
        SINGLE,
        f"Number of sessions: {len(rows) // 3}",
        "'#' indicates the current active session",
    )


def log(scene: Scene) -> str:
    """`show log log-id N`, the newest first."""
    rows = [f"{number} {text}\n" for number, text in enumerate(scene.element.messages, 1)]
    newest = rows if "ascending" in scene.line.split() else rows[::-1]
    identity = scene.arguments[0] if scene.arguments else "99"
    return "\n" + table(
        f"Event Log {identity} log-name {identity}",
        "Description : Default System Log",
        f"Memory Log contents  [size=500   next event={len(rows) + 1}  (not wrapped)]",
        "",
        *"".join(newest).splitlines(),
    )


def syslog(scene: Scene) -> str:
    """`show log syslog`."""
    rows = []
    for name, below in entries(at(scene.tree, "configure", "log"), "syslog"):
        level, facility = value(below, "severity", "info"), value(below, "facility", "local7")
        port, prefix = value(below, "port", "514"), value(below, "log-prefix")
        rows.append(f"{name:<6}{value(below, 'address'):<46}{port:<12}{level}")
        rows.append(f"{'':<6}{'No':<6}{facility:<13}{prefix}")
    return "\n" + table(
        "Syslog Target Hosts",
        "Id    Ip Address                                    Port        Sev Level",
        "        Below Level Drop                            Facility    Pfx Level",
        SINGLE,
        *rows,
    )
