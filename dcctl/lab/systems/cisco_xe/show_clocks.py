"""What `show` answers about synchronous Ethernet and PTP."""

from __future__ import annotations

from dcctl.lab.elements.tree import value, values
from dcctl.lab.systems.cisco_xe import kinds
from dcctl.lab.systems.cisco_xe.scene import Scene

_SYMBOLS = """\
Symbols:     En - Enable, Dis - Disable, Adis - Admin Disable
             NA - Not Applicable
             *  - Synchronization source selected
             #  - Synchronization source force selected
             &  - Synchronization source manually switched

"""


def _inputs(scene: Scene) -> list[tuple[int, str]]:
    """(priority, interface) of the nominated sources, the best first."""
    found = []
    for line in values(scene.tree, "network-clock input-source"):
        words = line.split()
        if "interface" in words and words[0].isdecimal():
            name = kinds.interface(words[words.index("interface") + 1])
            found.append((int(words[0]), name or words[-1]))
    return sorted(found)


def network_clocks(scene: Scene) -> str:
    """`show network-clocks synchronization`."""
    running = scene.tree
    automatic = "network-clock synchronization automatic" in running
    second = value(running, "network-clock eec") == "2"
    inputs = _inputs(scene)
    sound = {name for _, name in inputs if scene.port(name).up}
    chosen = next((name for _, name in inputs if name in sound), "") if automatic else ""
    rows = [
        f"Automatic selection process : {'Enable' if automatic else 'Disable'}",
        f"Equipment Clock : {'1544 (EEC-Option2)' if second else '2048 (EEC-Option1)'}",
        "Clock Mode : QL-Enable",
        "ESMC : Enabled",
        "SSM Option : 1",
        f"T0 : {chosen or 'Internal'}",
        "Hold-off (global) : 300 ms",
        "Wait-to-restore (global) : 300 sec",
        "Tsm Delay : 180 ms",
        f"Revertive : {'Yes' if 'network-clock revertive' in running else 'No'}",
        "",
        "Nominated Interfaces",
        "",
        " Interface            SigType     Mode/QL      Prio  QL_IN  ESMC Tx  ESMC Rx",
        f"{' ' if chosen else '*'}Internal             NA          NA/Dis       251   QL-SEC    NA        NA",
    ]
    for priority, name in inputs:
        mark = "*" if name == chosen else " "
        quality = "QL-PRC" if name in sound else "QL-DNU"
        rows.append(
            f"{mark}{kinds.short(name):<20} {'NA':<11} {'Sync/En':<12} {priority:<5} {quality:<9} -         -"
        )
    return _SYMBOLS + "\n".join([*rows, ""])


def ptp_clock(scene: Scene) -> str:
    """`show ptp clock running`; a clock has its master where any routing neighbour is."""
    around = scene.around
    label = next((one for one in scene.tree if one.startswith("ptp clock ")), "")
    if not label:
        return ""
    words = label.split(" ")
    ports = scene.tree[label]
    sought = any(one.endswith(" slave") for one in ports)
    met = bool(around.adjacencies or around.ospf)
    state = "PHASE_ALIGNED" if sought and met else "FREERUN"
    packets = int(around.now - scene.element.booted) * 16 if met else 0
    rows = [
        "",
        f"                      PTP {words[2].title()} Clock [Domain {words[words.index('domain') + 1]}]",
        "",
        "         State          Ports          Pkts sent      Pkts rcvd      Redundancy Mode",
        "",
        f"         {state:<14} {len(ports):<14} {packets:<14} {packets * 3:<14} Hot standby",
        "",
        "                               PORT SUMMARY",
        "",
        "                                                                      PTP Master",
        "Name  Tx Mode      Role         Transport    State        Sessions     Port Addr",
        "",
    ]
    for port, section in ports.items():
        name, role = port.split(" ")[1:3]
        way = "unicast" if "unicast" in value(section, "transport") else "mcast"
        master = value(section, "clock source").split(" ")[0] or "UNKNOWN"
        now = role.title() if met or role == "master" else "Listening"
        rows.append(
            f"{name:<5} {way:<12} {role:<12} {'Ethernet':<12} {now:<12} {int(met):<12} {master}"
        )
    return "\n".join([*rows, ""])
