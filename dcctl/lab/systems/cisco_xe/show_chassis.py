"""What `show` answers about slots, processors and what is installed."""

from __future__ import annotations

from dcctl.lab.elements.spans import in_table, in_words
from dcctl.lab.systems.cisco_xe.scene import Scene

_IMAGE = """\
Cisco IOS Software [Cupertino], ASR1000 Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version {release}, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2023 by Cisco Systems, Inc.
Compiled Fri 20-Oct-23 10:44 by mcpre"""


def _failed(scene: Scene, *words: str) -> bool:
    return any(word in one.text.lower() for one in scene.around.alarms for word in words)


def platform(scene: Scene) -> str:
    """`show platform`."""
    model = scene.element.chassis.model
    age = in_table(scene.around.now - scene.element.booted)
    slots = [
        ("0", model, "ok"),
        (
            " 0/0",
            "BUILT-IN-2T+6X1GE",
            "out of service" if _failed(scene, "module 0/0") else "ok",
        ),
        ("R0", model, "ok, active"),
        ("F0", model, "ok, active"),
        ("P0", f"{model}-PWR-AC", "ok"),
        ("P1", f"{model}-PWR-AC", "ps, fail" if _failed(scene, "power", "psu") else "ok"),
        ("P2", f"{model}-FANTRAY", "fan, fail" if _failed(scene, "fan") else "ok"),
    ]
    firmware = [("0", "14041015"), ("R0", "14041015"), ("F0", "14041015")]
    rows = [
        f"Chassis type: {model:<20}",
        "",
        "Slot      Type                State                 Insert time (ago) ",
        "--------- ------------------- --------------------- ----------------- ",
        *(f"{slot:<9} {kind:<19} {state:<21} {age:<17} " for slot, kind, state in slots),
        "",
        "Slot      CPLD Version        Firmware Version                        ",
        "--------- ------------------- --------------------------------------- ",
        *(f"{slot:<9} {cpld:<19} {'16.3(2r)':<39} " for slot, cpld in firmware),
    ]
    return "\n".join([*rows, ""])


def redundancy(scene: Scene) -> str:
    """`show redundancy`: one processor, and no standby."""
    up = in_words(scene.around.now - scene.element.booted, ", ")
    return f"""\
Redundant System Information :
------------------------------
       Available system uptime = {up}
Switchovers system experienced = 0
              Standby failures = 0
        Last switchover reason = none

                 Hardware Mode = Simplex
    Configured Redundancy Mode = Non-redundant
     Operating Redundancy Mode = Non-redundant
              Maintenance Mode = Disabled
                Communications = Down      Reason: Failure

Current Processor Information :
-------------------------------
               Active Location = slot 6
        Current Software state = ACTIVE
       Uptime in current state = {up}
                 Image Version = {_IMAGE.format(release=scene.element.software.release)}
                          BOOT = {_booted(scene)}
                   CONFIG_FILE = 
        Configuration register = 0x2102

Peer (slot: 0) information is not available because it is in 'DISABLED' state
"""


def _booted(scene: Scene) -> str:
    lines = [one.split(" ")[-1] for one in scene.tree if one.startswith("boot system ")]
    return ";".join([*(lines or ["bootflash:packages.conf"]), ""]).replace(";", ",1;")


def boot(scene: Scene) -> str:
    """`show boot`."""
    return f"""\
BOOT variable = {_booted(scene)}
CONFIG_FILE variable does not exist
BOOTLDR variable does not exist
Configuration register is 0x2102

Standby not ready to show bootvar

"""
