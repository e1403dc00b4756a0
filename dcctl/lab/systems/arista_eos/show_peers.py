"""What `show` answers about neighbours and protocols: LLDP, IS-IS, BFD, BGP, routes."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.arista_eos import config, kinds
from dcctl.lab.systems.arista_eos.scene import Scene, brief, stamped

Data = dict[str, Any]
_HELLO_HOLD_S = 30


def lldp_data(scene: Scene) -> Data:
    """`show lldp neighbors | json`."""
    return {
        "tablesLastChangeTime": scene.element.booted,
        "tablesAgeOuts": 0,
        "tablesInserts": len(scene.around.heard),
        "lldpNeighbors": [
            {
                "port": one.port,
                "neighborDevice": one.system,
                "neighborPort": one.port_id,
                "ttl": 120,
            }
            for one in scene.around.heard
        ],
        "tablesDeletes": 0,
        "tablesDrops": 0,
    }


def lldp(scene: Scene) -> str:
    """`show lldp neighbors`."""
    rows = [
        "Last table change time   : 0:31:12 ago",
        f"Number of table inserts  : {len(scene.around.heard)}",
        "Number of table deletes  : 0",
        "Number of table drops    : 0",
        "Number of table age-outs : 0",
        "",
        "Port          Neighbor Device ID             Neighbor Port ID           TTL",
        "------------- ------------------------------ -------------------------- ---",
    ]
    rows += [
        f"{kinds.short(one.port):<13} {one.system:<30} {one.port_id:<26} 120"
        for one in scene.around.heard
    ]
    return "\n".join([*rows, ""])


def lldp_detail_data(scene: Scene) -> Data:
    """`show lldp neighbors detail | json`."""
    found: Data = {port.name: {"lldpNeighborInfo": []} for port in scene.element.chassis.ports}
    for one in scene.around.heard:
        found.setdefault(one.port, {"lldpNeighborInfo": []})["lldpNeighborInfo"].append(
            {
                "chassisIdType": "macAddress",
                "chassisId": dotted(one.mac),
                "systemName": one.system,
                "systemDescription": f"{one.platform or 'router'}",
                "systemCapabilities": {"bridge": True, "router": True},
                "neighborDiscoveryTime": scene.element.booted,
                "lastChangeTime": scene.element.booted,
                "lastContactTime": scene.around.now - 12,
                "ttl": 120,
                "managementAddresses": [
                    {
                        "address": one.management,
                        "addressType": "ipv4",
                        "interfaceNum": 1,
                        "interfaceNumType": "ifIndex",
                        "oidString": "",
                    }
                ]
                if one.management
                else [],
                "neighborInterfaceInfo": {
                    "interfaceIdType": "interfaceName",
                    "interfaceId": f'"{one.port_id}"',
                    "interfaceId_v2": one.port_id,
                    "interfaceDescription": one.description or one.port_id,
                    "maxFrameSize": 9236,
                },
            }
        )
    return {"lldpNeighbors": found}


def lldp_detail(scene: Scene) -> str:
    """`show lldp neighbors detail`."""
    rows = []
    for port, one in lldp_detail_data(scene)["lldpNeighbors"].items():
        infos = one["lldpNeighborInfo"]
        rows += ["", f"Interface {port} detected {len(infos)} LLDP neighbors:", ""]
        for info in infos:
            far = info["neighborInterfaceInfo"]
            rows += [
                f"  Neighbor {info['chassisId']}/{far['interfaceId']}, age 12 seconds",
                "  Discovered 0:31:12 ago; Last changed 0:31:12 ago",
                "  - Chassis ID type: MAC address (4)",
                f"    Chassis ID     : {info['chassisId']}",
                "  - Port ID type: Interface name (5)",
                f"    Port ID     : {far['interfaceId']}",
                "  - Time To Live: 120 seconds",
                f'  - Port Description: "{far["interfaceDescription"]}"',
                f'  - System Name: "{info["systemName"]}"',
                f'  - System Description: "{info["systemDescription"]}"',
                "  - System Capabilities : Bridge, Router",
                "    Enabled Capabilities: Bridge, Router",
            ]
            for at in info["managementAddresses"]:
                rows += [
                    "  - Management Address Subtype: IPv4",
                    f"    Management Address        : {at['address']}",
                ]
    return "\n".join([*rows, ""])


# --- IS-IS and BFD --------------------------------------------------------------------------


def _instance(scene: Scene) -> str:
    return next(
        (label.partition("isis ")[2] for label in scene.tree if label.startswith("router isis ")),
        "",
    )


def isis_data(scene: Scene) -> Data:
    """`show isis neighbors | json`."""
    instance = _instance(scene)
    if not instance:
        return {"vrfs": {}}
    neighbors: Data = {}
    for number, one in enumerate(scene.around.adjacencies, 1):
        neighbors.setdefault(one.system_id, {"adjacencies": []})["adjacencies"].append(
            {
                "hostname": one.neighbor,
                "circuitId": f"{number:02X}",
                "interfaceName": one.port,
                "state": "up" if one.up else "down",
                "level": f"level-{one.level}",
                "snpa": "P2P",
                "lastHelloTime": int(scene.around.now) - 3,
                "routerIdV4": "0.0.0.0",  # noqa: S104 - what the device says
                "details": {
                    "advertisedHoldTime": _HELLO_HOLD_S,
                    "ip4Address": one.address,
                    "stateChanged": one.since,
                    "bfdIpv4State": "up" if one.bfd else "adminDown",
                },
            }
        )
    return {"vrfs": {"default": {"isisInstances": {instance: {"neighbors": neighbors}}}}}


def isis(scene: Scene) -> str:
    """`show isis neighbors`."""
    instance = _instance(scene)
    if not instance:
        return ""
    rows = [
        "",
        "Instance  VRF      System Id        Type Interface          SNPA              State Hold time   Circuit Id          ",
    ]
    for number, one in enumerate(scene.around.adjacencies, 1):
        hold = 20 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 9))
        rows.append(
            f"{instance:<9} default  {one.neighbor:<16} L{one.level:<3} {one.port:<18} P2P               "
            f"{'UP' if one.up else 'DOWN':<5} {hold:<11} {number:02X}                  "
        )
    return "\n".join([*rows, ""])


def bfd_data(scene: Scene) -> Data:
    """`show bfd peers | json`."""
    peers: Data = {}
    for number, one in enumerate((one for one in scene.around.adjacencies if one.bfd), 1):
        peers[one.address] = {
            "peerStats": {
                one.port: {
                    "status": "up" if one.up else "down",
                    "authType": "None",
                    "localDisc": 1000 + number,
                    "remoteDisc": 2000 + number,
                    "lastUp": one.since,
                    "lastDown": 0.0,
                    "lastDiag": "diagNone",
                    "sessType": "sessionTypeNormal",
                    "l3intf": one.port,
                }
            }
        }
    return {"vrfs": {"default": {"ipv4Neighbors": peers, "ipv6Neighbors": {}}}}


def bfd(scene: Scene) -> str:
    """`show bfd peers`."""
    rows = [
        "VRF name: default",
        "-----------------",
        "DstAddr       MyDisc    YourDisc  Interface/Transport    Type          LastUp",
        "-------- ----------- ----------- -------------------- ------- ---------------",
    ]
    for number, one in enumerate((one for one in scene.around.adjacencies if one.bfd), 1):
        at = stamped(one.since)[4:]
        rows.append(
            f"{one.address:<9} {1000 + number:>10} {2000 + number:>11} {one.port:>20} {'normal':>7} {at}"
        )
        rows.append(
            f"         LastDown            LastDiag    State\n   -------------- ------------------- -----\n               NA       No Diagnostic       {'Up' if one.up else 'Down'}"
        )
    return "\n".join([*rows, ""]) if len(rows) > 4 else ""  # noqa: PLR2004 - the heading


# --- BGP and routes -------------------------------------------------------------------------

_STATES = {"established": "Established", "active": "Active", "idle": "Idle"}


def bgp_data(scene: Scene) -> Data:
    """`show ip bgp summary | json`."""
    wanted = config.intent(scene.element.chassis, scene.tree)
    if not wanted.asn:
        return {"vrfs": {}}
    peers = {}
    for one in scene.around.bgp:
        up = one.state == "established"
        messages = int((scene.around.now - one.since) / 30) if up else 0
        peers[one.address] = {
            "description": one.description,
            "version": 4,
            "msgReceived": messages,
            "msgSent": messages,
            "inMsgQueue": 0,
            "outMsgQueue": 0,
            "asn": str(one.remote_as),
            "prefixAccepted": one.prefixes,
            "prefixReceived": one.prefixes,
            "upDownTime": one.since,
            "underMaintenance": False,
            "peerState": _STATES[one.state],
        }
        if one.state == "idle":
            peers[one.address]["peerStateIdleReason"] = "Admin"
    return {
        "vrfs": {
            "default": {
                "vrf": "default",
                "routerId": wanted.router_id,
                "asn": str(wanted.asn),
                "peers": peers,
            }
        }
    }


def bgp(scene: Scene) -> str:
    """`show ip bgp summary`."""
    wanted = config.intent(scene.element.chassis, scene.tree)
    if not wanted.asn:
        return "% BGP inactive\n"
    rows = [
        "BGP summary information for VRF default",
        f"Router identifier {wanted.router_id}, local AS number {wanted.asn}",
        "Neighbor Status Codes: m - Under maintenance",
        "  Description              Neighbor         V AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc",
    ]
    for one in scene.around.bgp:
        up = one.state == "established"
        lasted = scene.around.now - one.since
        messages = int(lasted / 30) if up else 0
        state = "Estab" if up else "Idle(Admin)" if one.state == "idle" else "Active"
        counts = f" {one.prefixes:<6} {one.prefixes}" if up else ""
        rows.append(
            f"  {one.description[:24]:<24} {one.address:<16} 4 {one.remote_as:<12} {messages:>9} {messages:>9}    0    0 "
            f"{brief(lasted):>8} {state:<7}{counts}"
        )
    return "\n".join([*rows, ""])


def _counts(scene: Scene) -> dict[str, int]:
    """Routes by source, from the configuration and what the neighbours send."""
    wanted = config.intent(scene.element.chassis, scene.tree)
    connected = sum(
        len(port.addresses)
        for name, port in wanted.ports.items()
        if scene.up(name, scene.tree.get(f"interface {name}", {}))
        and not value(scene.tree.get(f"interface {name}", {}), "vrf")
    )
    static = sum(
        1 for label in scene.tree if label.startswith("ip route ") and " vrf " not in label[:14]
    )
    isis = 4 * len(scene.around.adjacencies)
    bgp = sum(one.prefixes for one in scene.around.bgp)
    return {
        "connected": connected,
        "static": static,
        "isis": isis,
        "bgp": bgp,
        "ospf": 4 * len(scene.around.ospf),
    }


def routes_data(scene: Scene) -> Data:
    """`show ip route summary | json`."""
    found = _counts(scene)
    total = sum(found.values())
    return {
        "protoModelStatus": {
            "configuredProtoModel": "multi-agent",
            "operatingProtoModel": "multi-agent",
        },
        "vrfs": {
            "default": {
                "connected": found["connected"],
                "staticPersistent": found["static"],
                "staticNonPersistent": 0,
                "staticNexthopGroup": 0,
                "vcs": 0,
                "ospfCounts": {
                    "ospfTotal": found["ospf"],
                    "ospfIntraArea": found["ospf"],
                    "ospfInterArea": 0,
                    "ospfExternal1": 0,
                    "ospfExternal2": 0,
                    "nssaExternal1": 0,
                    "nssaExternal2": 0,
                },
                "bgpCounts": {
                    "bgpTotal": found["bgp"],
                    "bgpExternal": 0,
                    "bgpInternal": found["bgp"],
                    "bgpLocal": 0,
                },
                "isisCounts": {
                    "isisTotal": found["isis"],
                    "isisLevel1": 0,
                    "isisLevel2": found["isis"],
                },
                "rip": 0,
                "internal": 0,
                "attached": 0,
                "aggregate": 0,
                "dynamicPolicy": 0,
                "gribi": 0,
                "totalRoutes": total,
                "maskLen": {"32": total},
            }
        },
    }


def routes(scene: Scene) -> str:
    """`show ip route summary`."""
    found = _counts(scene)

    def row(name: str, count: int) -> str:
        return f"   {name:<34} {count:>25}"

    rows = [
        "",
        "Operating routing protocol model: multi-agent",
        "Configured routing protocol model: multi-agent",
        "",
        "VRF: default",
        "   Route Source                                Number Of Routes",
        "------------------------------------- -------------------------",
        row("connected", found["connected"]),
        row("static (persistent)", found["static"]),
        row("static (non-persistent)", 0),
        row("VXLAN Control Service", 0),
        row("static nexthop-group", 0),
        row("ospf", found["ospf"]),
        f"     Intra-area: {found['ospf']} Inter-area: 0 External-1: 0 External-2: 0",
        "     NSSA External-1: 0 NSSA External-2: 0",
        row("ospfv3", 0),
        row("bgp", found["bgp"]),
        f"     External: 0 Internal: {found['bgp']}",
        row("isis", found["isis"]),
        f"     Level-1: 0 Level-2: {found['isis']}",
        row("rip", 0),
        row("internal", 0),
        row("attached", 0),
        row("aggregate", 0),
        row("dynamic policy", 0),
        row("gribi", 0),
        "",
        row("Total Routes", sum(found.values())),
        "",
        "Number of routes per mask-length:",
        f"   /32: {sum(found.values())}",
    ]
    return "\n".join([*rows, ""])
