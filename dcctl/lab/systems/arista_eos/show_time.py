"""What `show` answers about time: NTP and PTP."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.arista_eos import config, kinds
from dcctl.lab.systems.arista_eos.scene import Scene, colons

Data = dict[str, Any]


# --- time -------------------------------------------------------------------------------------


def ntp_status(scene: Scene) -> str:
    """`show ntp status`."""
    around = scene.around
    if not config.intent(scene.element.chassis, scene.tree).ntp:
        return "NTP is disabled.\n"
    if not around.synchronised:
        return "unsynchronised\n  time server re-starting\n   polling server every 64 s\n"
    within = abs(around.ntp_offset_ms) + 9
    return (
        f"synchronised to NTP server ({around.ntp_source}) at stratum 3\n"
        f"   time correct to within {within:.0f} ms\n   polling server every 64 s\n"
    )


def ntp_data(scene: Scene) -> Data:
    """`show ntp associations | json`."""
    around = scene.around
    peers = {}
    for number, server in enumerate(config.intent(scene.element.chassis, scene.tree).ntp):
        on = around.synchronised
        peers[server] = {
            "peerIpAddr": server,
            "refid": "10.255.255.1" if on else ".INIT.",
            "stratumLevel": 2 if on else 16,
            "peerType": "unicast",
            "lastReceived": around.now - 31,
            "pollInterval": 64,
            "reachabilityHistory": [on] * 8,
            "delay": 1.24,
            "offset": round(around.ntp_offset_ms + number * 0.1, 3) if on else 0.0,
            "jitter": 0.1,
            "condition": ("sys.peer" if number == 0 else "candidate") if on else "reject",
        }
    return {"peers": peers}


def ntp(scene: Scene) -> str:
    """`show ntp associations`."""
    peers = ntp_data(scene)["peers"]
    if not peers:
        return "NTP is disabled.\n"
    marks = {"sys.peer": "*", "candidate": "+", "reject": " "}
    rows = [
        "     remote           refid      st t when poll reach   delay   offset  jitter",
        "==============================================================================",
    ]
    for server, one in peers.items():
        reach = 377 if all(one["reachabilityHistory"]) else 0
        rows.append(
            f"{marks[one['condition']]}{server:<15} {one['refid']:<15} {one['stratumLevel']:>2} u   31   64 {reach:>4} "
            f"{one['delay']:>8.3f} {one['offset']:>8.3f} {one['jitter']:>7.3f}"
        )
    return "\n".join([*rows, ""])


def ptp_data(scene: Scene) -> Data:
    """`show ptp | json`."""
    mode = value(scene.tree, "ptp mode", "disabled")
    if mode == "disabled":
        return {"ptpMode": "ptpDisabled", "ptpIntfSummaries": {}}
    ports = [name for name, section in scene.interfaces() if "ptp enable" in section]
    live = [name for name in ports if scene.port(name).up]
    mac = colons(scene.mac(""))
    own = f"0x{mac[:8]}:ff:fe:{mac[9:]}"
    slave = live[0] if live else ""
    roles = {name: "psSlave" if name == slave else "psMaster" for name in ports}
    return {
        "ptpMode": "ptpBoundaryClock" if mode == "boundary" else f"ptp{mode.capitalize()}Clock",
        "ptpProfile": "ptpDefaultProfile",
        "ptpClockSummary": {
            "clockIdentity": own,
            "gmClockIdentity": "0xec:46:70:ff:fe:00:ff:a8" if slave else own,
            "numberOfSlavePorts": int(bool(slave)),
            "numberOfMasterPorts": len(ports) - int(bool(slave)),
            **({"slavePort": slave, "slaveVlanId": 0} if slave else {}),
            "offsetFromMaster": int(spread(f"ptp {scene.element.chassis.name}", -20, 20))
            if slave
            else 0,
            "meanPathDelay": 718 if slave else 0,
            "stepsRemoved": int(bool(slave)),
            "skew": 1.0,
            "currentPtpSystemTime": int(scene.around.clock),
            "lastSyncTime": int(scene.around.clock) - 1 if slave else 0,
        },
        "ptpIntfSummaries": {
            name: {
                "interface": name,
                "ptpIntfVlanSummaries": [
                    {
                        "vlanId": 0,
                        "portState": roles[name] if scene.port(name).up else "psDisabled",
                        "delayMechanism": "e2e",
                        "transportMode": "ipv4",
                    }
                ],
            }
            for name in ports
        },
    }


def ptp(scene: Scene) -> str:
    """`show ptp`."""
    data = ptp_data(scene)
    if data["ptpMode"] == "ptpDisabled":
        return "PTP Mode: Disabled\n"
    clock = data["ptpClockSummary"]
    mode = data["ptpMode"].removeprefix("ptp").removesuffix("Clock")
    rows = [
        f"PTP Mode: {mode} Clock",
        "PTP Profile: Default ( IEEE1588 )",
        f"Clock Identity: {clock['clockIdentity']}",
        f"Grandmaster Clock Identity: {clock['gmClockIdentity']}",
        f"Number of slave ports: {clock['numberOfSlavePorts']}",
        f"Number of master ports: {clock['numberOfMasterPorts']}",
    ]
    if "slavePort" in clock:
        rows += [
            f"Slave port: {clock['slavePort']}",
            f"Offset From Master (nanoseconds): {clock['offsetFromMaster']}",
            f"Mean Path Delay (nanoseconds): {clock['meanPathDelay']}",
            f"Steps Removed: {clock['stepsRemoved']}",
            "Skew (estimated local-to-master clock frequency ratio): 1.0",
        ]
    rows += [
        "Interface  State   Transport  Delay",
        "                              Mechanism",
        "---------- ------- ---------- ---------",
    ]
    for name, one in data["ptpIntfSummaries"].items():
        state = one["ptpIntfVlanSummaries"][0]["portState"].removeprefix("ps")
        rows.append(f"{kinds.short(name):<10} {state:<7} ipv4       e2e")
    return "\n".join([*rows, ""])
