"""What `show` answers about LDP, traffic engineering tunnels and RSVP."""

from __future__ import annotations

import ipaddress

from dcctl.lab.elements.spans import in_table
from dcctl.lab.elements.tree import EMPTY, Tree, value
from dcctl.lab.systems.cisco_xe import kinds
from dcctl.lab.systems.cisco_xe.scene import Scene

_LDP_PORT = 646


def ldp_neighbors(scene: Scene) -> str:
    """`show mpls ldp neighbor`."""
    rows = []
    for one in scene.around.ldp:
        lasted = scene.around.now - one.since
        messages = 8 + int(lasted / 55)
        # The higher address opens the connection, towards the other's well-known port.
        opens = ipaddress.IPv4Address(one.own) > ipaddress.IPv4Address(one.peer)
        high = 20000 + sum(one.own.encode() + one.peer.encode())
        theirs, mine = (_LDP_PORT, high) if opens else (high, _LDP_PORT)
        rows += [
            f"    Peer LDP Ident: {one.peer}:0; Local LDP Ident {one.own}:0",
            f"\tTCP connection: {one.peer}.{theirs} - {one.own}.{mine}",
            f"\tState: Oper; Msgs sent/rcvd: {messages}/{messages}; Downstream",
            f"\tUp time: {in_table(lasted)}",
            "\tLDP discovery sources:",
        ]
        rows += [
            f"\t  {port}, Src IP addr: {address}"
            for port, address in zip(one.ports, one.addresses, strict=True)
        ]
        rows.append("        Addresses bound to peer LDP Ident:")
        bound = [*one.addresses, one.peer]
        for start in range(0, len(bound), 4):
            row = "".join(f"{address:<16}" for address in bound[start : start + 4])
            rows.append(f"          {row}")
    return "".join(f"{row}\n" for row in rows)


def _engineered(scene: Scene) -> list[tuple[str, str, str]]:
    """(port, own address, neighbour) where both RSVP and an IGP's neighbour are."""
    running = scene.tree
    around = scene.around
    heard = {one.port: (one.own_address, one.address) for one in around.adjacencies}
    heard |= {one.port: (one.own_address, one.address) for one in around.ospf}
    return [
        (port, *pair)
        for port, pair in heard.items()
        if any(
            label.startswith("ip rsvp bandwidth")
            for label in running.get(f"interface {port}", EMPTY)
        )
    ]


def _tunnels(scene: Scene) -> list[tuple[str, Tree]]:
    return [
        (name, section)
        for name, section in scene.interfaces()
        if name.startswith("Tunnel")
        and value(section, "tunnel mode").startswith("mpls traffic-eng")
    ]


def tunnels(scene: Scene) -> str:
    """`show mpls traffic-eng tunnels brief`; a path is taken for one where RSVP has a neighbour."""
    running = "mpls traffic-eng tunnels" in scene.tree
    state = "running" if running else "not running"
    rows = [
        "Signalling Summary:",
        f"    LSP Tunnels Process:            {state}",
        f"    Passive LSP Listener:           {state}",
        f"    RSVP Process:                   {state}",
        "    Forwarding:                     enabled",
        "    auto-tunnel:",
        "\tp2p    Disabled (0), id-range:62336-64335",
        "",
        "    Periodic reoptimization:        every 3600 seconds, next in 3516 seconds",
        "    Periodic FRR Promotion:         Not Running",
        "    Periodic auto-bw collection:    every 300 seconds, next in 216 seconds",
        "    SR tunnel max label push:       2 primary path labels (2 repair path labels)",
        "",
        "P2P TUNNELS/LSPs:",
        "TUNNEL NAME                      DESTINATION      UP IF     DOWN IF   STATE/PROT",
    ]
    found, ways = _tunnels(scene), _engineered(scene) if running else []
    for name, section in found:
        enabled = "shutdown" not in section
        up = enabled and bool(ways)
        admin = "up" if enabled else "admin-down"
        label = f"{scene.hostname}_t{name.removeprefix('Tunnel')}"
        destination = value(section, "tunnel destination", "unknown")
        down = kinds.short(ways[0][0]) if up else "unknown"
        rows.append(
            f"{label:<32} {destination:<16} {'-':<9} {down:<9} {admin}/{'up' if up else 'down'}"
        )
    count = len(found)
    rows += [
        f"Displayed {count} (of {count}) heads, 0 (of 0) midpoints, 0 (of 0) tails",
        "",
        "P2MP TUNNELS:",
        "Displayed 0 (of 0) P2MP heads",
        "",
        "P2MP SUB-LSPS:",
        "Displayed 0 P2MP sub-LSPs:",
        "          0 (of 0) heads, 0 (of 0) midpoints, 0 (of 0) tails",
    ]
    return "\n".join([*rows, ""])


def rsvp_neighbors(scene: Scene) -> str:
    """`show ip rsvp neighbor`."""
    found = _engineered(scene)
    if not found:
        return ""
    rows = ["Neighbor        Encapsulation  Time since msg rcvd/sent"]
    rows += [f"{far:<15} {'Raw IP':<14} 00:00:12   00:00:08" for _, _, far in found]
    return "\n".join([*rows, ""])
