"""What `show port-channel summary` answers."""

from __future__ import annotations

from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.cisco_nxos import config, kinds
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, table

_LINE = "-" * 80


# --- port channels --------------------------------------------------------------------------


def _lags(scene: Scene) -> list[tuple[str, Tree, bool, list[tuple[str, bool]], str]]:
    """(name, section, up, (member, active)s, protocol) of every port channel."""
    found = []
    for name, section in scene.interfaces():
        if kinds.kind_of(name) != "port-channel":
            continue
        members = [(one, scene.up(one, scene.section(one))) for one in scene.members(name)]
        modes = {
            value(scene.section(one), "channel-group").rpartition(" ")[2] for one, _ in members
        }
        protocol = "LACP" if modes & {"active", "passive"} else "NONE"
        found.append((name, section, scene.up(name, section), members, protocol))
    return found


def lag_data(scene: Scene) -> Data:
    """`show port-channel summary | json`."""
    return table(
        "channel",
        [
            {
                "group": name.removeprefix("port-channel"),
                "port-channel": name,
                "layer": "R" if config.routed(name, section) else "S",
                "status": "U" if up else "D",
                "type": "Eth",
                "prtcl": protocol,
                **table(
                    "member",
                    [
                        {"port": one, "port-status": "P" if active else "D"}
                        for one, active in members
                    ],
                ),
            }
            for name, section, up, members, protocol in _lags(scene)
        ],
    )


def lag(scene: Scene) -> str:
    """`show port-channel summary`."""
    rows = [
        "Flags:  D - Down        P - Up in port-channel (members)",
        "        I - Individual  H - Hot-standby (LACP only)",
        "        s - Suspended   r - Module-removed",
        "        b - BFD Session Wait",
        "        S - Switched    R - Routed",
        "        U - Up (port-channel)",
        "        p - Up in delay-lacp mode (member)",
        "        M - Not in use. Min-links not met",
        _LINE,
        "Group Port-       Type     Protocol  Member Ports",
        "      Channel",
        _LINE,
    ]
    for name, section, up, members, protocol in _lags(scene):
        number = name.removeprefix("port-channel")
        flags = f"{'R' if config.routed(name, section) else 'S'}{'U' if up else 'D'}"
        ports = "".join(
            f"{kinds.short(one)}({'P' if active else 'D'})    " for one, active in members
        )
        shown = f"Po{number}({flags})"
        rows.append(f"{number:<5} {shown:<11} Eth      {protocol:<9} {ports or '--'}")
    return "\n".join([*rows, ""])
