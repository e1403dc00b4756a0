"""What `show` answers about neighbours and protocols: LLDP, IS-IS, BFD, BGP, routes."""

from __future__ import annotations

from dcctl.lab.elements.model import Heard
from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.tree import sections, value
from dcctl.lab.systems.cisco_nxos import config, kinds
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, brief, table

_CAPABILITIES = """\
Capability codes:
  (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device
  (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other
Device ID            Local Intf      Hold-time  Capability  Port ID  
"""
_LONG_NAME = 20


def lldp_data(scene: Scene) -> Data:
    """`show lldp neighbors | json`."""
    rows = [
        {
            "chassis_type": "7",
            "chassis_id": one.system,
            "l_port_id": kinds.short(one.port),
            "hold_time": "120",
            "capability": "BR",
            "port_type": "5",
            "port_id": one.port_id,
            "mgmt_addr_type": "802",
            "mgmt_addr": one.management,
        }
        for one in scene.around.heard
    ]
    return {**table("nbor", rows), "neigh_count": len(rows)}


def lldp(scene: Scene) -> str:
    """`show lldp neighbors`."""
    rows = []
    for one in scene.around.heard:
        rest = f"{kinds.short(one.port):<15} {'120':<10} {'BR':<11} {one.port_id}"
        if len(one.system) > _LONG_NAME:
            rows += [one.system, f"{'':<20} {rest}"]
        else:
            rows.append(f"{one.system:<20} {rest}")
    return _CAPABILITIES + "\n".join(
        [*rows, f"Total entries displayed: {len(scene.around.heard)}", ""]
    )


def _chassis(one: Heard) -> str:
    return dotted(one.mac)


def lldp_detail_data(scene: Scene) -> Data:
    """`show lldp neighbors detail | json`."""
    rows = [
        {
            "chassis_type": "4",
            "chassis_id": _chassis(one),
            "port_type": "5",
            "port_id": one.port_id,
            "l_port_id": kinds.short(one.port),
            "port_desc": one.description or one.port_id,
            "sys_name": one.system,
            "sys_desc": one.platform or "router",
            "ttl": "101",
            "system_capability": "B, R",
            "enabled_capability": "B, R",
            "mgmt_addr_type": "IPV4",
            "mgmt_addr": one.management or "not advertised",
            "mgmt_addr_ipv6": "not advertised",
            "vlan_id": "not advertised",
        }
        for one in scene.around.heard
    ]
    return {**table("nbor_detail", rows), "neigh_count": len(rows)}


def lldp_detail(scene: Scene) -> str:
    """`show lldp neighbors detail`."""
    blocks = "".join(_block(one) for one in scene.around.heard)
    return f"{_CAPABILITIES}{blocks}Total entries displayed: {len(scene.around.heard)}\n"


def _block(one: Heard) -> str:
    return f"""\
Chassis id: {_chassis(one)}
Port id: {one.port_id}
Local Port id: {kinds.short(one.port)}
Port Description: {one.description or one.port_id}
System Name: {one.system}
System Description: {one.platform or "router"}
Time remaining: 101 seconds
System Capabilities: B, R
Enabled Capabilities: B, R
Management Address: {one.management or "not advertised"}
Management Address IPV6: not advertised
Vlan ID: not advertised

"""


# --- IS-IS and BFD --------------------------------------------------------------------------


def _instance(scene: Scene) -> str:
    return next((name for name, _ in sections(scene.tree, "router isis")), "")


def isis_data(scene: Scene) -> Data:
    """`show isis adjacency | json`."""
    instance = _instance(scene)
    if not instance:
        return {}
    rows = [
        {
            "adj-sys-name-out": one.neighbor,
            "adj-sys-id-out": one.system_id,
            "adj-usage-out": f"L{one.level}",
            "adj-state-out": "UP" if one.up else "DOWN",
            "adj-hold-time-out": "00:00:27",
            "adj-intf-name-out": one.port,
            "adj-detail-set-out": "false",
        }
        for one in scene.around.adjacencies
    ]
    vrf = {
        "vrf-name-out": "default",
        "adj-summary-out": "false",
        "adj-interface-out": "false",
        **table("process_adj", rows),
    }
    return table("process_tag", [{"process-tag-out": instance, **table("vrf", [vrf])}])


def isis(scene: Scene) -> str:
    """`show isis adjacency`."""
    instance = _instance(scene)
    if not instance:
        return ""
    rows = [
        f"IS-IS process: {instance} VRF: default",
        "IS-IS adjacency database:",
        "Legend: '!': No AF level connectivity in given topology",
        "System ID       SNPA            Level  State  Hold Time  Interface",
    ]
    rows += [
        f"{one.neighbor[:15]:<15} N/A             {one.level}      {'UP' if one.up else 'DOWN':<6} 00:00:27   {one.port}"
        for one in scene.around.adjacencies
    ]
    return "\n".join([*rows, ""])


def bfd_data(scene: Scene) -> Data:
    """`show bfd neighbors | json`."""
    return table(
        "bfdNeighbor",
        [
            {
                "local_disc": str(1090519040 + number),
                "header": "1" if number == 1 else "0",
                "vrf_name": "default",
                "src_ip_addr": one.own_address,
                "src_ipv6_addr": "0::",
                "dest_ip_addr": one.address,
                "dest_ipv6_addr": "0::",
                "remote_disc": str(1090586880 + number),
                "local_state": "Up" if one.up else "Down",
                "remote_state": "Up" if one.up else "Down",
                "holddown": "862",
                "cur_detect_mult": "3",
                "intf": one.port,
            }
            for number, one in enumerate((a for a in scene.around.adjacencies if a.bfd), 1)
        ],
    )


def bfd(scene: Scene) -> str:
    """`show bfd neighbors`."""
    rows = [
        "",
        "OurAddr         NeighAddr       LD/RD                 RH/RS           Holdown(mult)     State       Int                   Vrf                              Type    ",
    ]
    for number, one in enumerate((a for a in scene.around.adjacencies if a.bfd), 1):
        state = "Up" if one.up else "Down"
        rows.append(
            f"{one.own_address:<15} {one.address:<15} {1090519040 + number}/{1090586880 + number} {state:<15} 862(3)            {state:<11} {kinds.short(one.port):<21} default                          SH      "
        )
    return "\n".join([*rows, ""])


# --- BGP and routes -------------------------------------------------------------------------

_STATES = {"established": "Established", "active": "Active", "idle": "Idle"}


def bgp_data(scene: Scene) -> Data:
    """`show bgp ipv4 unicast summary | json`."""
    wanted = config.intent(scene.element.chassis, scene.tree)
    if not wanted.asn:
        return {}
    rows = []
    for one in scene.around.bgp:
        up = one.state == "established"
        messages = int((scene.around.now - one.since) / 30) if up else 0
        shut = "shutdown" in (scene.tree.get(f"router bgp {wanted.asn}", {})).get(
            f"neighbor {one.address}", {}
        )
        rows.append(
            {
                "neighborid": one.address,
                "neighborversion": 4,
                "msgrecvd": messages,
                "msgsent": messages,
                "neighbortableversion": 1201 if up else 0,
                "inq": 0,
                "outq": 0,
                "neighboras": one.remote_as,
                "time": brief(scene.around.now - one.since),
                "state": "Shut (Admin)" if shut else _STATES[one.state],
                "prefixreceived": one.prefixes,
            }
        )
    family = {
        "safi": 1,
        "af-name": "IPv4 Unicast",
        "tableversion": 1201,
        "configuredpeers": len(rows),
        "capablepeers": sum(one["state"] == "Established" for one in rows),
        "totalnetworks": 400,
        "totalpaths": 800,
        "memoryused": 99200,
        **table("neighbor", rows),
    }
    vrf = {
        "vrf-name-out": "default",
        "vrf-router-id": wanted.router_id,
        "vrf-local-as": wanted.asn,
        **table("af", [{"af-id": 1, **table("saf", [family])}]),
    }
    return table("vrf", [vrf])


def bgp(scene: Scene) -> str:
    """`show ip bgp summary`."""
    wanted = config.intent(scene.element.chassis, scene.tree)
    if not wanted.asn:
        return ""
    capable = sum(one.state == "established" for one in scene.around.bgp)
    rows = [
        "BGP summary information for VRF default, address family IPv4 Unicast",
        f"BGP router identifier {wanted.router_id}, local AS number {wanted.asn}",
        f"BGP table version is 1201, IPv4 Unicast config peers {len(scene.around.bgp)}, capable peers {capable}",
        "400 network entries and 800 paths using 99200 bytes of memory",
        "BGP attribute entries [8/1312], BGP AS path entries [3/18]",
        "BGP community entries [0/0], BGP clusterlist entries [1/4]",
        "",
        "Neighbor        V    AS    MsgRcvd    MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd",
    ]
    for one in scene.around.bgp:
        up = one.state == "established"
        lasted = scene.around.now - one.since
        messages = int(lasted / 30) if up else 0
        shut = "shutdown" in (scene.tree.get(f"router bgp {wanted.asn}", {})).get(
            f"neighbor {one.address}", {}
        )
        state = str(one.prefixes) if up else "Shut (Admin)" if shut else _STATES[one.state]
        rows.append(
            f"{one.address:<15} 4 {one.remote_as:>5} {messages:>10} {messages:>10} {1201 if up else 0:>8}    0    0 {brief(lasted):>8} {state:<10}"
        )
    return "\n".join([*rows, ""])


def _counts(scene: Scene) -> dict[str, int]:
    """Routes by source, from the configuration and what the neighbours send."""
    found = {"direct": 0, "local": 0}
    for name, section in scene.interfaces():
        if (
            config.routed(name, section)
            and scene.up(name, section)
            and not value(section, "vrf member")
        ):
            found["direct"] += len(config.addresses(section))
    found["local"] = found["direct"]
    found["static"] = sum(1 for label in scene.tree if label.startswith("ip route "))
    instance = _instance(scene)
    if instance:
        found[f"isis-{instance}"] = 4 * len(scene.around.adjacencies)
    for process, _ in sections(scene.tree, "router ospf"):
        found[f"ospf-{process}"] = 4 * len(scene.around.ospf)
    wanted = config.intent(scene.element.chassis, scene.tree)
    if wanted.asn:
        found[f"bgp-{wanted.asn}"] = sum(one.prefixes for one in scene.around.bgp)
    return {name: count for name, count in found.items() if count}


def routes(scene: Scene) -> str:
    """`show ip route summary`."""
    found = _counts(scene)
    total = sum(found.values())
    unicast = "\n".join(f"  {name:<15}: {count}" for name, count in found.items())
    return f"""\
IP Route Table for VRF "default"
Total number of routes: {total}
Total number of paths:  {total}

Best paths per protocol:      Backup paths per protocol:
{unicast}

Number of routes per mask-length:
  /32: {total}

"""


def routes_data(scene: Scene) -> Data:
    """`show ip route summary | json`."""
    found = _counts(scene)
    total = sum(found.values())
    best = [{"clientnameuni": name, "best-paths": str(count)} for name, count in found.items()]
    summary = {
        "routes": str(total),
        "paths": str(total),
        **table("unicast", best),
        **table("route_count", [{"mask_len": "32", "count": str(total)}]),
    }
    addrf = {"addrf": "ipv4", **table("summary", [summary])}
    return table("vrf", [{"vrf-name-out": "default", **table("addrf", [addrf])}])
