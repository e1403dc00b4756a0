"""What `show` answers about port channels."""

from __future__ import annotations

from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_xe import kinds
from dcctl.lab.systems.cisco_xe.scene import Scene

_LEGEND = """\
Flags:  D - down        P/bndl - bundled in port-channel
        I - stand-alone s/susp - suspended
        H - Hot-standby (LACP only)
        R - Layer3      S - Layer2
        U - in use      f - failed to allocate aggregator

        M - not in use, minimum links not met
        u - unsuitable for bundling
        w - waiting to be aggregated
        d - default port


"""
_MEANINGS = """\
RU - L3 port-channel UP State
SU - L2 port-channel UP state
P/bndl -  Bundled
S/susp  - Suspended
"""
_LACP = ("active", "passive")


def etherchannel(scene: Scene) -> str:
    """`show etherchannel summary`."""
    groups = {
        int(name.removeprefix("Port-channel")): section
        for name, section in scene.interfaces()
        if name.startswith("Port-channel") and "." not in name
    }
    rows = [
        f"Number of channel-groups in use: {len(groups)}",
        f"Number of aggregators:           {len(groups)}",
        "",
        "Group  Port-channel  Protocol    Ports",
        "------+-------------+-----------+-----------------------------------------------",
    ]
    for number, section in groups.items():
        members = scene.members(f"Port-channel{number}")
        up = scene.state(f"Port-channel{number}", section)[1]
        ways = {value(below, "channel-group").split(" ")[-1] for _, below in members}
        protocol = "LACP" if ways & set(_LACP) else "-"
        ports = " ".join(
            f"{kinds.short(name)}({'bndl' if scene.state(name, below)[1] else 'D'})"
            for name, below in members
        )
        rows.append(
            f"{number}\tPo{number}({'RU' if up else 'RD'})\t\t{protocol}\t {ports}".rstrip()
        )
    return _LEGEND + "\n".join([*rows, "", _MEANINGS])
