"""What `display` answers about the box itself: version, boards, startup, alarms, clock, users."""

from __future__ import annotations

import re
import textwrap
from datetime import UTC, datetime

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import AlarmState, Chassis, Element
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.huawei_vrp.scene import RULE, Scene, span, text, weeks
from dcctl.lab.systems.huawei_vrp.software import Board, file_at, installed, product

_ALARM_ID = "0xF102EE"
_LEVELS = {"critical": "Critical", "major": "Major", "minor": "Minor"}


def release(element: Element) -> tuple[str, str, str]:
    """(version of VRP, product, its release)."""
    number = element.software.release
    generation = re.match(r"V800R(\d+)", number)
    vrp = f"8.{int(generation[1])}0" if generation else "5.170"
    return vrp, product(element.chassis), number


def model(chassis: Chassis) -> str:
    """The model as the box writes it: `huawei/netengine-8000-m8` is a NetEngine 8000 M8."""
    upper = chassis.model.upper()
    for start in ("NETENGINE-8000-", "NETENGINE 8000 ", "NE8000-"):
        if upper.startswith(start):
            return f"NetEngine 8000 {upper[len(start) :]}"
    return chassis.model


def version(scene: Scene) -> str:
    """`display version`."""
    chassis, up = scene.element.chassis, scene.around.now - scene.element.booted
    vrp, family, number = release(scene.element)
    rows = [
        "Huawei Versatile Routing Platform Software",
        f"VRP (R) software, Version {vrp} ({family} {number})",
    ]
    if scene.immediate:
        rows += [
            "Copyright (C) 2011-2022 HUAWEI TECH CO., LTD",
            f"Huawei {model(chassis)} Router uptime is {weeks(up)}",
            f"MPU 0(Master) : uptime is {weeks(up - 60)}",
            "SDRAM Memory Size    : 1024    M bytes",
            "Flash 0 Memory Size  : 1024    M bytes",
            "MPU version information :",
            f"1. PCB      Version  : {model(chassis)} VER.C",
            "2. MAB      Version  : 0",
            f"3. Board    Type     : {model(chassis)}",
            "4. BootROM  Version  : 1",
        ]
        return text(rows)
    line = "- " * 33
    started = datetime.fromtimestamp(scene.element.booted, UTC)
    rows += [
        "Copyright (C) 2012-2021 Huawei Technologies Co., Ltd.",
        f"HUAWEI {model(chassis)} uptime is {span(up)}",
        "",
        f"{model(chassis)} version information:",
        line.rstrip(),
        "BKP  version information:",
        "  PCB         Version : CX68BKP03B REV A",
        "  MPU  Slot  Quantity : 2",
        "  CARD Slot  Quantity : 8",
        line.rstrip(),
        "MPU version information:",
    ]
    for slot, role in _mpus(scene):
        rows += [
            "",
            f"MPU ({role}) {slot} : uptime is {span(up)}",
            f"  StartupTime {started:%Y/%m/%d   %H:%M:%S}",
            "  SDRAM Memory Size   : 16384 M bytes",
            "  FLASH Memory Size   : 64 M bytes",
            "  CFCARD Memory Size  : 4096 M bytes",
            "  MPU CR8DMPUN18X0 version information:",
            "  PCB         Version : CX68MPUN REV A",
            "  BootROM     Version : 11.45",
            f"  Software    Version : Version {vrp} RELEASE 0001",
        ]
    return text(rows)


def _mpus(scene: Scene) -> list[tuple[int, str]]:
    both = [(9, "Master"), (10, "Slave")]
    return both[:1] if "standby_missing" in scene.around.troubles else both


def _boards(scene: Scene) -> list[tuple[str, str, str, str]]:
    """(slot, type, role, primary) of what is in the chassis."""
    cards = sorted(
        {port.name.split("/")[1] for port in scene.optical() if port.name.count("/") > 1}
    )
    return [
        *((card, "PIC", "OTHER", "NA") for card in cards),
        *((str(slot), "MPU", "MMB", role) for slot, role in _mpus(scene)),
        ("11", "PWR", "OTHER", "NA"),
        ("12", "PWR", "OTHER", "NA"),
        ("13", "FAN", "OTHER", "NA"),
    ]


def device(scene: Scene) -> str:
    """`display device`."""
    name = model(scene.element.chassis)
    failed = bool(scene.element.software.alarms)
    worst = "Abnormal" if scene.around.alarms or failed else "Normal"
    if scene.immediate:
        rows = [
            f"{name}'s Device status:",
            RULE,
            "Slot  Sub  Type                Online    Power     Register       Alarm      Primary",
            RULE,
            f"0     -    {name:<18}  Present   PowerOn   Registered     {worst:<9}  Master",
            "4     -    PWR                 Present   PowerOn   Registered     Normal     NA",
            "5     -    FAN                 Present   PowerOn   Registered     Normal     NA",
        ]
        return text(rows)
    rows = [
        f"{name}'s Device status:",
        RULE,
        "Slot #    Type       Online    Register      Status      Role   LsId   Primary",
        ("- " * 40).rstrip(),
    ]
    for slot, kind, role, primary in _boards(scene):
        lost = failed and kind == "PIC"
        state = "Abnormal" if lost else worst if primary == "Master" else "Normal"
        there = "Unregistered" if lost else "Registered"
        rows.append(
            f"{slot:<9} {kind:<10} Present   {there:<13} {state:<11} {role:<6} 0      {primary}"
        )
    return text([*rows, RULE])


def esn(scene: Scene) -> str:
    """`display esn`, `display device esn`."""
    serial = scene.element.chassis.serial
    if scene.immediate:
        return f"ESN of device: {serial}\n"
    return f"ESN of slot 9: {serial}\nESN of slot 10: {serial[::-1]}\n"


def switchover(scene: Scene) -> str:
    """`display switchover state`."""
    alone = "standby_missing" in scene.around.troubles
    return text(
        [
            "   Chassis           :  Single",
            f"   Switchover State  :  {'No slave board' if alone else 'Ready'}",
            "   Switchover Policy :  Board Switchover",
            "   MainBoard         :  9",
            f"   SlaveBoard        :  {'NA' if alone else '10'}",
        ]
    )


def startup(scene: Scene) -> str:
    """`display startup`."""
    boards = installed(scene.element).boards
    if scene.immediate:
        rows = [f"  {name:<42} {what}" for name, what in _started_vrp5(boards[0])]
        return text(["MainBoard: ", *rows])
    rows = []
    for (_, role), board in zip(_mpus(scene), boards, strict=False):
        rows.append("MainBoard:" if role == "Master" else "SlaveBoard:")
        rows += [f"  {name:<42} {what}" for name, what in _started_vrp8(board)]
    return text(rows)


def _started_vrp5(board: Board) -> list[tuple[str, str]]:
    return [
        ("Startup system software:", board.running),
        ("Next startup system software:", board.following),
        ("Backup system software for next startup:", "null"),
        ("Startup saved-configuration file:", "flash:/vrpcfg.zip"),
        ("Next startup saved-configuration file:", "flash:/vrpcfg.zip"),
        ("Startup license file:", "null"),
        ("Next startup license file:", "null"),
        ("Startup patch package:", board.patch or "null"),
        ("Next startup patch package:", board.next_patch or "null"),
    ]


def _started_vrp8(board: Board) -> list[tuple[str, str]]:
    return [
        ("Startup system software:", board.running),
        ("Next startup system software:", board.following),
        ("Startup saved-configuration file:", "cfcard:/vrpcfg.zip"),
        ("Next startup saved-configuration file:", "cfcard:/vrpcfg.zip"),
        ("Startup paf file:", "default"),
        ("Next startup paf file:", "default"),
        ("Startup patch package:", board.patch or "NULL"),
        ("Next startup patch package:", board.next_patch or "NULL"),
    ]


def patch(scene: Scene) -> str:
    """`display patch-information`."""
    path = installed(scene.element).boards[0].patch
    file = file_at(scene.element, 0, path) if path else None
    if file is None or file.label is None:
        return "Info: No patch exists.\n" if scene.immediate else "No patch exists.\n"
    rows = [f"Patch Package Name    :{path}", f"Patch Package Version :{file.label.boots}"]
    if scene.immediate:
        return text(
            [
                *rows,
                "The state of the patch state file is: Running",
                "The current state is: Running",
            ]
        )
    return text([*rows, "Patch Package State   :Running"])


def _standing(scene: Scene) -> list[AlarmState]:
    own = scene.element
    return [
        *scene.around.alarms,
        *(AlarmState(text=one, since=own.booted) for one in own.software.alarms),
    ]


def alarms(scene: Scene) -> str:
    """`display alarm active`."""
    if not _standing(scene):
        return "Info: No alarm is active.\n" if scene.immediate else _alarm_head()
    rows = []
    for number, alarm in enumerate(_standing(scene), start=1):
        date, _, time = scene.when(alarm.since).partition(" ")
        pieces = textwrap.wrap(alarm.text, 38) or [""]
        level = _LEVELS.get(alarm.severity, "Warning")
        rows.append(f"{number:<10} {_ALARM_ID:<10} {level:<8} {date} {pieces[0]}")
        second = pieces[1] if len(pieces) > 1 else ""
        rows.append(f"{'':<31} {time[:8]:<9} {second}".rstrip())
        rows += [f"{'':<42}{piece}" for piece in pieces[2:]]
    return _alarm_head() + text([*rows, RULE])


def _alarm_head() -> str:
    head = "Sequence   AlarmId    Severity Date Time  Description"
    return text([RULE, f"{head:<80}", RULE])


def alarms_verbose(scene: Scene) -> str:
    """`display alarm active verbose`."""
    rows = []
    for number, alarm in enumerate(_standing(scene), start=1):
        rows += [
            f"Sequence    : {number}",
            f"AlarmId     : {_ALARM_ID:<21} AlarmName : hwEntityInvalid",
            f"AlarmType   : equipment             Severity  : {alarm.severity.capitalize():<16} State : active",
            "RootKindFlag: Independent",
            f"StartTime   : {scene.when(alarm.since)}",
            f"Description : {alarm.text}",
            "",
        ]
    return text(rows)


def clock(scene: Scene) -> str:
    """`display clock`."""
    shown = scene.when(scene.around.clock)
    zone = value(scene.tree, "clock timezone").split()
    day = datetime.fromtimestamp(scene.around.clock, UTC)
    name = zone[0] if zone else "UTC"
    return text([shown, f"{day:%A}", f"Time Zone({name}) : UTC{shown[19:]}"])


def users(scene: Scene) -> str:
    """`display users`."""
    rows = ["  User-Intf    Delay    Type   Network Address     AuthenStatus    AuthorcmdFlag"]
    for index, user in enumerate(scene.around.users):
        mine = "+" if user.number == scene.terminal.number else " "
        rows += [
            f"{mine} {34 + index} VTY {index}     00:00:00  SSH    {user.peer:<19} pass            no",
            f"  Username : {user.user}",
        ]
    return text(rows)


def temperature(scene: Scene) -> str:
    """`display temperature`."""
    rows = []
    for slot in ("9", "10"):
        warm = int(spread(f"{scene.element.chassis.name} {slot}", 28, 41))
        rows += [
            f"SlotID{slot} :",
            f" Base-Board, Unit:C, Slot{slot}",
            "PCB       I2C Addr Chl  Status  Minor Major Fatal Adj_speed Temp",
            "                                               TMin Tmax (C)",
            "-" * 63,
            f"MPU       0   0    0    NORMAL  68    76    83    55   65   {warm}",
            "",
        ]
    return text(rows)


def log(scene: Scene) -> str:
    """`display logbuffer`."""
    messages = scene.element.messages
    rows = [
        "Logging buffer configuration and contents : enabled",
        "Allowed max buffer size : 10240",
        "Actual buffer size : 512",
        "Channel number : 4 , Channel name : logbuffer",
        "Dropped messages : 0",
        "Overwritten messages : 0",
        f"Current messages : {len(messages)}",
        "",
    ]
    return text([*rows, *reversed(messages)])


def telnet(scene: Scene) -> str:
    """`display telnet server status`: both servers are on unless they are undone."""
    states = [
        "Disable" if f"undo telnet {kind}server enable" in scene.tree else "Enable"
        for kind in ("", "ipv6 ")
    ]
    rows = [
        f" TELNET IPv4 server                       :{states[0]}",
        f" TELNET IPv6 server                       :{states[1]}",
        " TELNET server port                       :23",
        " TELNET server source address             :0.0.0.0",
        " ACL4 number                              :0",
        " ACL6 number                              :0",
    ]
    return text(rows)
