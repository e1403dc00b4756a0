"""What `show` answers about port channels."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.tree import value
from dcctl.lab.systems.arista_eos import kinds
from dcctl.lab.systems.arista_eos.scene import Scene

Data = dict[str, Any]


# --- port channels --------------------------------------------------------------------------


def _lags(scene: Scene) -> list[tuple[str, bool, list[tuple[str, bool]], bool]]:
    """(name, up, (member, active)s, whether it speaks LACP) of every port channel."""
    found = []
    for name, section in scene.interfaces():
        if kinds.kind_of(name) != "Port-Channel":
            continue
        members = [
            (member, scene.up(member, scene.tree[f"interface {member}"]))
            for member in scene.members(name)
        ]
        modes = {
            value(scene.tree[f"interface {member}"], "channel-group").rpartition(" ")[2]
            for member, _ in members
        }
        found.append((name, scene.up(name, section), members, modes != {"on"}))
    return found


def lag_data(scene: Scene) -> Data:
    """`show port-channel [summary|dense] | json`."""
    channels = {}
    for name, up, members, lacp in _lags(scene):
        states = {
            member: {
                "protocol": "lacp" if lacp else "static",
                "intf": member,
                "lacpMode": "active" if lacp else "on",
                "linkDown": not active,
                "staticLag": not lacp,
                "suspended": False,
                "lacpState": {
                    "activity": lacp,
                    "timeout": False,
                    "aggregation": True,
                    "synchronization": active,
                    "collecting": active,
                    "distributing": active,
                    "defaulted": False,
                    "expired": False,
                },
            }
            for member, active in members
        }
        channels[name] = {
            "linkState": "up" if up else "down",
            "protocol": "lacp" if lacp else "static",
            "lacpMode": "active" if lacp else "on",
            "fallback": {"config": "fallbackNone", "status": "noAggNotFallback"},
            "inactiveLag": False,
            "minLinks": 0,
            "ports": states,
        }
    return {
        "portChannels": channels,
        "numberOfChannelsInUse": len(channels),
        "numberOfAggregators": len(channels),
    }


def lag_ports_data(scene: Scene) -> Data:
    """`show port-channel | json`."""
    channels = {}
    for name, _, members, lacp in _lags(scene):
        active = {
            member: {
                "timeBecameActive": scene.port(member).since,
                "protocol": "lacp" if lacp else "static",
                "weight": 1,
            }
            for member, is_active in members
            if is_active
        }
        inactive = {
            member: {"reasonUnconfigured": "link down in aggregate"}
            for member, is_active in members
            if not is_active
        }
        channels[name] = {
            "activePorts": active,
            "inactivePorts": inactive,
            "rxPorts": {},
            "recircFeature": [],
            "inactiveLag": False,
            "minLinks": 0,
            "minSpeed": "0 gbps",
            "currWeight": 0,
            "maxWeight": 16,
        }
    return {"portChannels": channels}


def lag(scene: Scene) -> str:
    """`show port-channel dense`."""
    lags = _lags(scene)
    rows = [
        "",
        "                 Flags                                                            ",
        "------------------------ ---------------------------- -------------------------",
        "  a - LACP Active          p - LACP Passive           * - static fallback",
        "  F - Fallback enabled     f - Fallback configured    ^ - individual fallback",
        "  U - In Use               D - Down",
        "  + - In-Sync              - - Out-of-Sync            i - incompatible with agg",
        "  P - bundled in Po        s - suspended              G - Aggregable",
        "  I - Individual           S - ShortTimeout           w - wait for agg",
        "  E - Inactive. The number of configured port channels exceeds the config limit",
        "  M - Exceeds maximum weight",
        "",
        f"Number of channels in use: {len(lags)}",
        f"Number of aggregators: {len(lags)}",
        "",
        "   Port-Channel       Protocol    Ports",
        "------------------ -------------- ------------------",
    ]
    for name, up, members, lacp in lags:
        flags = {True: "PG+" if lacp else "P", False: "D"}
        ports = " ".join(f"{kinds.short(member)}({flags[active]})" for member, active in members)
        shown = f"{kinds.short(name)}({'U' if up else 'D'})"
        rows.append(f"   {shown:<16}{'LACP(a)' if lacp else 'Static':<15}{ports}")
    return "\n".join([*rows, ""])


def lag_ports(scene: Scene) -> str:
    """`show port-channel`."""
    rows = []
    for name, _, members, _ in _lags(scene):
        active = [kinds.short(member) for member, is_active in members if is_active]
        inactive = [kinds.short(member) for member, is_active in members if not is_active]
        rows.append(f"Port Channel {name}:")
        rows.append(f"  Active Ports: {' '.join(active)}" if active else "  No Active Ports")
        if inactive:
            rows.append(f"  Configured, but inactive ports: {' '.join(inactive)}")
    return "\n".join([*rows, ""]) if rows else ""
