"""What `show` answers about the box itself: version, boot, clock, users, logging, features."""

from __future__ import annotations

from datetime import UTC, datetime

from dcctl.lab.elements.tree import Tree, value, values
from dcctl.lab.systems.cisco_nxos import config, maintenance
from dcctl.lab.systems.cisco_nxos.commands import FEATURES
from dcctl.lab.systems.cisco_nxos.config import stamp
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, table
from dcctl.lab.systems.cisco_nxos.software import installed

_SEVERITIES = (
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "information",
    "debugging",
)


def _uptime(scene: Scene) -> tuple[int, int, int, int]:
    whole = scene.uptime
    return whole // 86400, whole % 86400 // 3600, whole // 60 % 60, whole % 60


def version_data(scene: Scene) -> Data:
    """`show version | json`."""
    chassis, software = scene.element.chassis, scene.element.software
    state = installed(scene.element)
    days, hours, minutes, seconds = _uptime(scene)
    return {
        "header_str": "Cisco Nexus Operating System (NX-OS) Software\nTAC support: http://www.cisco.com/tac\nCopyright (C) 2002-2021, Cisco and/or its affiliates.\nAll rights reserved.\n",
        "bios_ver_str": "05.45",
        "kickstart_ver_str": software.release,
        "nxos_ver_str": software.release,
        "bios_cmpl_time": "07/05/2021",
        "kick_file_name": state.image,
        "nxos_file_name": state.image,
        "kick_cmpl_time": "8/4/2021 13:00:00",
        "nxos_cmpl_time": "8/4/2021 13:00:00",
        "kick_tmstmp": "08/04/2021 22:25:30",
        "nxos_tmstmp": "08/04/2021 22:25:30",
        "chassis_id": f"Nexus9000 {chassis.model.removeprefix('N9K-')} Chassis",
        "cpu_name": "Intel(R) Xeon(R) CPU D-1526 @ 1.80GHz",
        "memory": 24570480,
        "mem_type": "kB",
        "proc_board_id": chassis.serial,
        "host_name": config.hostname(scene.tree),
        "bootflash_size": 116079032,
        "kern_uptm_days": days,
        "kern_uptm_hrs": hours,
        "kern_uptm_mins": minutes,
        "kern_uptm_secs": seconds,
        "rr_reason": software.reason,
        "rr_sys_ver": state.before,
        "rr_service": "",
        "plugins": "Core Plugin, Ethernet Plugin",
        "manufacturer": "Cisco Systems, Inc.",
    }


def version(scene: Scene) -> str:
    """`show version`."""
    chassis, software = scene.element.chassis, scene.element.software
    state = installed(scene.element)
    days, hours, minutes, seconds = _uptime(scene)
    return f"""\
Cisco Nexus Operating System (NX-OS) Software
TAC support: http://www.cisco.com/tac
Copyright (C) 2002-2021, Cisco and/or its affiliates.
All rights reserved.
The copyrights to certain works contained in this software are
owned by other third parties and used and distributed under their own
licenses, such as open source.  This software is provided "as is," and unless
otherwise stated, there is no warranty, express or implied, including but not
limited to warranties of merchantability and fitness for a particular purpose.
Certain components of this software are licensed under
the GNU General Public License (GPL) version 2.0 or 
GNU General Public License (GPL) version 3.0  or the GNU
Lesser General Public License (LGPL) Version 2.1 or 
Lesser General Public License (LGPL) Version 2.0. 
A copy of each such license is available at
http://www.opensource.org/licenses/gpl-2.0.php and
http://opensource.org/licenses/gpl-3.0.html and
http://www.opensource.org/licenses/lgpl-2.1.php and
http://www.gnu.org/licenses/old-licenses/library.txt.

Software
  BIOS: version 05.45
  NXOS: version {software.release}
  BIOS compile time:  07/05/2021
  NXOS image file is: {state.image}
  NXOS compile time:  8/4/2021 13:00:00 [08/04/2021 22:25:30]


Hardware
  cisco Nexus9000 {chassis.model.removeprefix("N9K-")} Chassis 
  Intel(R) Xeon(R) CPU D-1526 @ 1.80GHz with 24570480 kB of memory.
  Processor Board ID {chassis.serial}

  Device name: {config.hostname(scene.tree)}
  bootflash:  116079032 kB
Kernel uptime is {days} day(s), {hours} hour(s), {minutes} minute(s), {seconds} second(s)

Last reset at 310210 usecs after {stamp(scene.element.booted)}
  Reason: {software.reason}
  System version: {state.before}
  Service: 

plugin
  Core Plugin, Ethernet Plugin

Active Package(s):

"""


def boot(scene: Scene) -> str:
    """`show boot`: what is set now, and what is saved."""
    return (
        f"Current Boot Variables:\n\n{_variables(scene, scene.tree)}\n"
        f"Boot Variables on next reload:\n\n{_variables(scene, scene.element.startup)}"
    )


def _variables(scene: Scene, tree: Tree) -> str:
    path = value(tree, "boot nxos").split(" ")[0]
    image = f"NXOS variable = {path}\n" if path else "NXOS variable not set\n"
    number = scene.element.chassis.supervisors
    supervisors = "".join(f"sup-{one}\n{image}" for one in range(1, number + 1))
    return f"{supervisors}No module boot variable set\n"


def hostname(scene: Scene) -> str:
    """`show hostname`."""
    name, domain = config.hostname(scene.tree), value(scene.tree, "ip domain-name")
    return f"{name}.{domain}\n" if domain else f"{name} \n"


def hostname_data(scene: Scene) -> Data:
    """`show hostname | json`."""
    return {"hostname": hostname(scene).strip()}


def clock(scene: Scene) -> str:
    """`show clock`."""
    at = datetime.fromtimestamp(scene.around.clock, config.zone(scene.tree))
    source = "NTP" if scene.around.synchronised else "Hardware Calendar"
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03d} {at:%Z %a %b} {at.day} {at.year}\nTime source is {source}\n"


def clock_data(scene: Scene) -> Data:
    """`show clock | json`."""
    first, _, second = clock(scene).strip().partition("\n")
    return {"simple_time": f"{first}\n", "time_source": second.removeprefix("Time source is ")}


def users(scene: Scene) -> str:
    """`show users`."""
    rows = ["NAME     LINE         TIME         IDLE          PID COMMENT"]
    for one in scene.around.users:
        at = datetime.fromtimestamp(one.since, UTC)
        mark = " *" if one.number == scene.terminal.number else ""
        rows.append(
            f"{one.user:<8} pts/{one.number:<8} {at:%b %d %H:%M}   .         {20000 + one.number} ({one.peer}) session=ssh{mark}"
        )
    return "\n".join([*rows, ""])


def logging_log(scene: Scene) -> str:
    """`show logging last N`, `show logging logfile`."""
    rows = scene.element.messages
    count = int(scene.arguments[0]) if scene.arguments and scene.arguments[0].isdecimal() else 0
    return "\n".join([*(rows[-count:] if count else rows), ""])


def _servers(scene: Scene) -> list[tuple[str, str, str, str]]:
    """(address, severity, facility, VRF) of every collector."""
    found = []
    for line in values(scene.tree, "logging server"):
        host, *more = line.split()
        level = int(more[0]) if more and more[0].isdecimal() else 5
        vrf = more[more.index("use-vrf") + 1] if "use-vrf" in more[:-1] else "default"
        facility = more[more.index("facility") + 1] if "facility" in more[:-1] else "local7"
        found.append((host, _SEVERITIES[min(level, 7)], facility, vrf))
    return found


def logging_server(scene: Scene) -> str:
    """`show logging server`."""
    found = _servers(scene)
    rows = [f"Logging server:                 {'enabled' if found else 'disabled'}"]
    for host, severity, facility, vrf in found:
        rows += [
            f"{{{host}}}",
            f"        server severity:        {severity}",
            f"        server facility:        {facility}",
            f"        server VRF:             {vrf}",
            "        server port:            514",
        ]
    return "\n".join([*rows, ""])


def feature(scene: Scene) -> str:
    """`show feature`."""
    on = config.features(scene.tree)
    rows = ["Feature Name          Instance  State   ", "--------------------  --------  --------"]
    for name in FEATURES:
        state = (
            "enabled"
            if name in on or (name == "ssh" and "no feature ssh" not in scene.tree)
            else "disabled"
        )
        rows.append(f"{name.replace(' ', '_'):<22}1          {state}")
    return "\n".join([*rows, ""])


def feature_data(scene: Scene) -> Data:
    """`show feature | json`."""
    on = config.features(scene.tree)
    return table(
        "cfcFeatureCtrlTable",
        [
            {
                "cfcFeatureCtrlName2": name.replace(" ", "_"),
                "cfcFeatureCtrlInstanceNum2": "1",
                "cfcFeatureCtrlOpStatus2": "enabled" if name in on or name == "ssh" else "disabled",
            }
            for name in FEATURES
        ],
    )


def mode(scene: Scene) -> str:
    """`show system mode`."""
    return f"System Mode: {'Maintenance' if maintenance.MODE in scene.tree else 'Normal'}\n"
