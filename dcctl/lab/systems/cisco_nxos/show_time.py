"""What `show` answers about time: NTP and PTP."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_nxos import config
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, table

# --- time -------------------------------------------------------------------------------------


def ntp_data(scene: Scene) -> Data:
    """`show ntp peer-status | json`."""
    around = scene.around
    servers = config.intent(scene.element.chassis, scene.tree).ntp
    rows = [
        {
            "syncmode": ("*" if number == 0 else "=") if around.synchronised else "=",
            "remote": server,
            "local": "0.0.0.0",  # noqa: S104 - what the device says
            "st": "2" if around.synchronised else "16",
            "poll": "64",
            "reach": "377" if around.synchronised else "0",
            "delay": "0.00124" if around.synchronised else "0.00000",
            "vrf": "default",
        }
        for number, server in enumerate(servers)
    ]
    return {"totalpeers": f"Total peers : {len(rows)}", **table("peersstatus", rows)}


def ntp(scene: Scene) -> str:
    """`show ntp peer-status`."""
    data = ntp_data(scene)
    found = data.get("TABLE_peersstatus", {}).get("ROW_peersstatus", [])
    rows = [
        data["totalpeers"],
        "* - selected for sync, + -  peer mode(active), ",
        "- - peer mode(passive), = - polled in client mode ",
        "    remote                                 local                                   st   poll   reach delay   vrf",
        "-----------------------------------------------------------------------------------------------------------------------",
    ]
    rows += [
        f"{one['syncmode']}{one['remote']:<38} {one['local']:<39} {one['st']:>2}   {one['poll']:<6} {one['reach']:<5} {one['delay']} {one['vrf']}"
        for one in (found if isinstance(found, list) else [found])
    ]
    return "\n".join([*rows, ""])


def ntp_peers_data(scene: Scene) -> Data:
    """`show ntp peers | json`."""
    servers = config.intent(scene.element.chassis, scene.tree).ntp
    return table(
        "peers",
        [
            {"PeerIPAddress": one, "serv_peer": "Server", "conf_flag": "(configured)"}
            for one in servers
        ],
    )


def ntp_peers(scene: Scene) -> str:
    """`show ntp peers`."""
    rows = [
        "--------------------------------------------------",
        "  Peer IP Address               Serv/Peer          ",
        "--------------------------------------------------",
    ]
    servers = config.intent(scene.element.chassis, scene.tree).ntp
    return "\n".join([*rows, *(f"  {one:<29} Server (configured) " for one in servers), ""])


def ntp_status(_scene: Scene) -> str:
    """`show ntp status`: distribution of its configuration, not the clock's state."""
    return "Distribution : Disabled\nLast operational state: No session\n"


def ptp_clock(scene: Scene) -> str:
    """`show ptp clock`."""
    ports = [name for name, section in scene.interfaces() if "ptp" in section]
    live = [name for name in ports if scene.port(name).up]
    mac = scene.mac("")
    identity = ":".join([mac[:2], mac[2:4], mac[4:6], "ff", "fe", mac[6:8], mac[8:10], mac[10:]])
    offset = int(spread(f"ptp {scene.element.chassis.name}", -20, 20)) if live else 0
    return f"""\
PTP Device Type : boundary-clock
PTP Device Encapsulation : layer-3
PTP Source IP Address : {value(scene.tree, "ptp source")}
Clock Identity : {identity}
Clock Domain: {value(scene.tree, "ptp domain", "0")}
Slave Clock Operation : Two-step
Master Clock Operation : Two-step
Number of PTP ports: {len(ports)}
Priority1 : 255
Priority2 : 255
Clock Quality:
        Class : 248
        Accuracy : 254
        Offset (log variance) : 65535
Offset From Master : {offset}
Mean Path Delay : {718 if live else 0}
Steps removed : {int(bool(live))}
"""
