"""What Junos answers about PTP and synchronous Ethernet."""

from __future__ import annotations

import re

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY

_IDLE = "warning: clksyncd-service subsystem not running - not needed by configuration.\n"
_SOURCE = re.compile(r"(?:source )?interfaces (\S+?)(?:\.\d+)?(?: priority (\d+))?(?: .*)?")


def ptp(scene: Scene) -> str:
    """`show ptp lock-status [detail]`; a master is heard where any routing neighbour is."""
    lines = list(scene.tree.get("protocols", EMPTY).get("ptp", EMPTY))
    if not lines:
        return _IDLE
    slave = next((line for line in lines if line.startswith("slave interface ")), "")
    around = scene.around
    met = [one.address for one in around.adjacencies] + [one.address for one in around.ospf]
    locked = bool(slave and met)
    state = "5 (PHASE ALIGNED)" if locked else "1 (FREERUN)"
    offset = spread(f"ptp {scene.element.chassis.name}", -90, 90) / 1e9 if locked else 0.0
    rows = ["Lock Status:", "", f"Lock State    : {state}", f"Phase offset  : {offset:.9f} sec"]
    if locked and scene.line.endswith("detail"):
        master = re.search(r"clock-source (\S+)", " ".join(lines))
        rows += [
            "",
            "Selected Master Details:",
            f"Upstream Master address  : {master.group(1) if master else met[0]}",
            f"Slave interface          : {slave.split(' ')[2]}",
        ]
    return "\n".join([*rows, ""])


def _sources(scene: Scene) -> list[tuple[int, str]]:
    """(priority, interface) of the configured sources, the best first."""
    found: dict[str, int] = {}
    for line in scene.tree.get("chassis", EMPTY).get("synchronization", EMPTY):
        match = _SOURCE.fullmatch(line)
        if match:
            found[match.group(1)] = int(match.group(2) or found.get(match.group(1), 8))
    return sorted((priority, name) for name, priority in found.items())


def synchronization(scene: Scene) -> str:
    """`show chassis synchronization [extensive]`."""
    if not scene.tree.get("chassis", EMPTY).get("synchronization", EMPTY):
        return _IDLE
    sources, ports = _sources(scene), scene.around.ports
    sound = [name for _, name in sources if name in ports and ports[name].up]
    places = ("Primary", "Secondary")
    ranks = {name: places[min(rank, 1)] for rank, (_, name) in enumerate(sources)}
    rows = [
        f"Current clock status : {'Locked' if sound else 'Freerun'}",
        f"Clock locked to      : {ranks[sound[0]] if sound else 'Internal'}",
    ]
    if scene.line.endswith("extensive"):
        rows += ["SNMP trap status     : Disabled", "", "Configured interfaces:"]
        for priority, name in sources:
            rows += ["", *_source(name, ranks[name], priority, sound)]
    return "\n".join([*rows, ""])


def _source(name: str, rank: str, priority: int, sound: list[str]) -> list[str]:
    up = name in sound
    event = "Clock locked" if sound[:1] == [name] else "Clock qualified" if up else "Clock failed"
    heard = "ESMC Rx(SSM 0x2)," if up else ""
    return [
        f"Interface            : {name}",
        f"Status               : {rank}",
        f"Index                : {156 + priority}",
        f"Clock source state   : {'Clk qualified' if up else 'Clk failed'}",
        f"Priority             : {priority}",
        "Configured QL        : PRC",
        f"ESMC QL              : {'PRC' if up else 'DNU'}",
        "Clock source type    : ifd",
        f"Clock Event          : {event}",
        f"Interface State      : {'Up' if up else 'Down'},{rank[:3].lower()},{heard}",
    ]


def esmc(scene: Scene) -> str:
    """`show synchronous-ethernet esmc status`."""
    sources, ports = _sources(scene), scene.around.ports
    if not sources:
        return _IDLE
    rows = []
    for _, name in sources:
        up = name in ports and ports[name].up
        rows.append(
            f"ESMC status:\n  Interface              : {name}\n  ESMC Tx(QL)            : DNU\n"
            f"  ESMC Rx(QL)            : {'PRC' if up else 'INV'}\n"
        )
    return "\n".join(rows)
