"""What `show` answers about routing: IS-IS, OSPF, BGP, and how many routes there are."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.spans import in_table
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.intent import addresses, intent
from dcctl.lab.systems.cisco_xr.scene import Scene
from dcctl.lab.systems.cisco_xr.show_peers import far_mac


def _instance(scene: Scene, protocol: str) -> str:
    """The name of a routing process, or nothing."""
    start = f"router {protocol} "
    return next((one.removeprefix(start) for one in scene.tree if one.startswith(start)), "")


def isis_neighbors(scene: Scene) -> str:
    """`show isis neighbors`."""
    name = _instance(scene, "isis")
    if not name:
        return ""
    rows = [
        "",
        f"IS-IS {name} neighbors:",
        "System Id      Interface        SNPA           State Holdtime Type IETF-NSF",
    ]
    for one in scene.around.adjacencies:
        hold = 20 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 9))
        rows.append(
            f"{one.neighbor[:14]:<14} {kinds.short(one.port):<16} {_snpa(scene, one.port):<14} "
            f"{'Up' if one.up else 'Down':<5} {hold:<8} {f'L{one.level}':<4} Capable"
        )
    return "\n".join([*rows, "", f"Total neighbor count: {len(scene.around.adjacencies)}", ""])


def _snpa(scene: Scene, port: str) -> str:
    """The far end's address of its own layer; a link of two shows none."""
    section = scene.tree.get(f"router isis {_instance(scene, 'isis')}", {})
    if "point-to-point" in section.get(f"interface {port}", {}):
        return "*PtoP*"
    return dotted(far_mac(scene, port))


def isis_adjacency(scene: Scene) -> str:
    """`show isis adjacency`."""
    name = _instance(scene, "isis")
    if not name:
        return ""
    rows = []
    for level in (1, 2):
        found = [one for one in scene.around.adjacencies if one.level == level]
        wanted = value(scene.tree[f"router isis {name}"], "is-type", "level-1-2")
        if str(level) not in wanted:
            continue
        rows += [
            "",
            f"IS-IS {name} Level-{level} adjacencies:",
            "System Id      Interface                SNPA           State Hold Changed  NSF IPv4 IPv6",
            "                                                                               BFD  BFD ",
        ]
        for one in found:
            hold = 20 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 9))
            changed = in_table(scene.around.now - one.since)
            rows.append(
                f"{one.neighbor[:14]:<14} {kinds.short(one.port):<24} {_snpa(scene, one.port):<14} "
                f"{'Up' if one.up else 'Down':<5} {hold:<4} {changed:<8} Yes "
                f"{'Up' if one.bfd else 'None':<4} None"
            )
        rows += ["", f"Total adjacency count: {len(found)}"]
    return "\n".join([*rows, ""])


def ospf_neighbor(scene: Scene) -> str:
    """`show ospf neighbor`."""
    name = _instance(scene, "ospf")
    if not name:
        return ""
    rows = [
        "",
        "* Indicates MADJ interface",
        "# Indicates Neighbor awaiting BFD session up",
        "",
        f"Neighbors for OSPF {name}",
        "",
    ]
    if not scene.around.ospf:
        return "\n".join([*rows, ""])
    rows.append("Neighbor ID     Pri   State           Dead Time   Address         Interface")
    for one in scene.around.ospf:
        state = f"{one.state.upper()}/  -"
        rows += [
            f"{one.router_id:<15} 1     {state:<15} 00:00:36    {one.address:<15} {one.port}",
            f"    Neighbor is up for {in_table(scene.around.now - one.since)}",
        ]
    rows += ["", f"Total neighbor count: {len(scene.around.ospf)}", ""]
    return "\n".join(rows)


def bgp_summary(scene: Scene) -> str:
    """`show bgp summary`."""
    return (
        "\n".join([*_bgp(scene), ""]) if intent(scene.element.chassis, scene.tree).asn else _NO_BGP
    )


_NO_BGP = "% BGP instance 'default' not active\n"


def bgp_instance_summary(scene: Scene) -> str:
    """`show bgp instance all summary`."""
    if not intent(scene.element.chassis, scene.tree).asn:
        return _NO_BGP
    title = "BGP instance 0: 'default'"
    rows = ["", title, "=" * len(title), "", *_bgp(scene)]
    return "\n".join([*rows, ""])


def _bgp(scene: Scene) -> list[str]:
    wanted = intent(scene.element.chassis, scene.tree)
    rows = [
        f"BGP router identifier {wanted.router_id}, local AS number {wanted.asn}",
        "BGP generic scan interval 60 secs",
        "Non-stop routing is enabled",
        "BGP table state: Active",
        "Table ID: 0xe0000000   RD version: 1201",
        "BGP main routing table version 1201",
        "BGP NSR Initial initsync version 2 (Reached)",
        "BGP NSR/ISSU Sync-Group versions 0/0",
        "BGP scan interval 60 secs",
        "",
        "BGP is operating in STANDALONE mode.",
        "",
        "",
        "Process       RcvTblVer   bRIB/RIB   LabelVer  ImportVer  SendTblVer  StandbyVer",
        "Speaker            1201       1201       1201       1201        1201           0",
        "",
        "Neighbor        Spk    AS MsgRcvd MsgSent   TblVer  InQ OutQ  Up/Down  St/PfxRcd",
    ]
    for one in scene.around.bgp:
        up = one.state == "established"
        lasted = scene.around.now - one.since
        messages = int(lasted / 30) if up else 0
        state = str(one.prefixes) if up else "Idle (Admin)" if one.state == "idle" else "Idle"
        state = "Active" if one.state == "active" else state
        rows.append(
            f"{one.address:<16}  0 {one.remote_as:>5} {messages:>7} {messages:>7} "
            f"{1201 if up else 0:>8}    0    0 {in_table(lasted):>8} {state:>10}"
        )
    return [*rows, ""]


def route_summary(scene: Scene) -> str:
    """`show route summary`."""
    sections = scene.interfaces()
    own = [
        one for name, below in sections if scene.state(name, below)[1] for one in addresses(below)
    ]
    connected = [one for one in own if one.network.prefixlen < one.max_prefixlen]
    bgp = sum(one.prefixes for one in scene.around.bgp)
    static = scene.tree.get("router static", {}).get("address-family ipv4 unicast", {})
    asn = intent(scene.element.chassis, scene.tree).asn
    counts = {"connected": len(connected), "local": len(own), "static": len(static)}
    if _instance(scene, "isis"):
        counts[f"isis {_instance(scene, 'isis')}"] = 4 * len(scene.around.adjacencies)
    if _instance(scene, "ospf"):
        counts[f"ospf {_instance(scene, 'ospf')}"] = 4 * len(scene.around.ospf)
    if asn:
        counts[f"bgp {asn}"] = bgp
    counts["dagr"] = 0
    rows = ["Route Source                     Routes     Backup     Deleted     Memory(bytes)"]
    rows += [_counted(name, count) for name, count in counts.items()]
    rows.append(_counted("Total", sum(counts.values())))
    return "\n".join([*rows, "", ""])


def _counted(name: str, count: int) -> str:
    return f"{name:<32} {count:<10} {0:<10} {0:<11} {count * 240:<13}"
