"""What SR OS answers about its neighbours and its routes."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import BgpState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.nokia_sros import show_ports
from dcctl.lab.systems.nokia_sros.intent import (
    SYSTEM,
    address_of,
    at,
    enabled,
    entries,
    interface_on,
    router,
)
from dcctl.lab.systems.nokia_sros.scene import DOUBLE, SINGLE, lasted, lines, moment, table


def _called(scene: Scene, port: str) -> str:
    """The router's interface on a port."""
    return interface_on(scene.tree, port)[0] or port


def base(scene: Scene) -> Tree:
    """The base router's configuration."""
    return router(scene.tree)


def not_configured(name: str) -> str:
    """What SR OS says of a protocol that isn't set up."""
    return f"MINOR: CLI {name} is not configured.\n"


def interfaces(scene: Scene) -> str:
    """`show router interface`."""
    rows = []
    for name, below in sorted(entries(base(scene), "interface")):
        port = value(below, "port")
        admin = enabled(below)
        up = admin and (name == SYSTEM or show_ports.state(scene, port.partition(":")[0])[1])
        address = address_of(below)
        state = f"{'Up' if up and address else 'Down'}/Down"
        rows.append(
            f"{name:<33}{'Up' if admin else 'Down':<10}{state:<12}{'Network':<8}"
            f"{'system' if name == SYSTEM else port or 'n/a'}"
        )
        rows.append(f"   {address or '-':<60}n/a")
    return "\n" + table(
        "Interface Table (Router: Base)",
        "Interface-Name                   Adm       Opr(v4/v6)  Mode    Port/SapId",
        "   IP-Address                                                  PfxState",
        SINGLE,
        *rows,
        SINGLE,
        f"Interfaces : {len(rows) // 2}",
    )


def isis(scene: Scene) -> str:
    """`show router isis adjacency`."""
    if "isis 0" not in base(scene):
        return not_configured("ISIS instance 0")
    rows = [
        f"{one.neighbor[:24]:<25}{f'L{one.level}':<6}{'Up':<6}"
        f"{int(spread(one.neighbor + one.port, 18, 27)):<5}{_called(scene, one.port):<30}0"
        for one in scene.around.adjacencies
    ]
    return "\n" + table(
        "Rtr Base ISIS Instance 0 Adjacency",
        "System ID                Usage State Hold Interface                     MT-ID",
        SINGLE,
        *rows,
        SINGLE,
        f"Adjacencies : {len(rows)}",
    )


def isis_interfaces(scene: Scene) -> str:
    """`show router isis interface`."""
    tree = at(base(scene), "isis 0")
    if not tree:
        return not_configured("ISIS instance 0")
    rows = []
    for number, (name, below) in enumerate(entries(tree, "interface"), 1):
        metric = value(at(below, "level 2"), "metric", "10")
        shown = "-/0" if name == SYSTEM else f"-/{metric}"
        kind = "p2p" if value(below, "interface-type") == "point-to-point" else "bcast"
        kind = "p2p" if name == SYSTEM else kind
        rows.append(f"{name:<33}{'L2':<6}{number:<8}{'Up':<10}{shown:<17}{kind}")
    return "\n" + table(
        "Rtr Base ISIS Instance 0 Interfaces",
        "Interface                        Level CircID  Oper      L1/L2 Metric     Type",
        "                                               State",
        SINGLE,
        *rows,
        SINGLE,
        f"Interfaces : {len(rows)}",
    )


def ospf(scene: Scene) -> str:
    """`show router ospf neighbor`."""
    if "ospf 0" not in base(scene):
        return not_configured("OSPF instance 0")
    rows: list[str] = []
    for one in scene.around.ospf:
        left = int(spread(f"{one.neighbor} {one.port}", 31, 39))
        name = _called(scene, one.port)
        rows += [f"{name:<33}{one.router_id:<16}{'Full':<11}{1:<5}{0:<8}{left}", f"   {one.area}"]
    return "\n" + table(
        "Rtr Base OSPFv2 Instance 0 Neighbors",
        "Interface-Name                   Rtr Id          State      Pri  RetxQ   TTL",
        "   Area-Id",
        SINGLE,
        *rows,
        SINGLE,
        f"No. of Neighbors: {len(rows) // 2}",
    )


def bgp(scene: Scene) -> str:
    """`show router bgp summary`."""
    tree = at(base(scene), "bgp")
    if not tree:
        return not_configured("BGP")
    asn = value(base(scene), "autonomous-system", "0")
    own = value(tree, "router-id") or value(base(scene), "router-id")
    own = own or address_of(at(base(scene), f"interface {SYSTEM}")).partition("/")[0]
    up = "Up" if enabled(tree) else "Down"
    routes = sum(one.prefixes for one in scene.around.bgp)
    groups = len(list(entries(tree, "group")))
    head = [
        f" BGP Router ID:{own:<15}AS:{asn:<12}Local AS:{asn}",
        DOUBLE,
        f"BGP Admin State         : {up:<12}BGP Oper State              : {up}",
        f"Total Peer Groups       : {groups:<12}Total Peers                 : {len(scene.around.bgp)}",
        "Total VPN Peer Groups   : 0           Total VPN Peers             : 0",
        f"Current Internal Groups : {groups:<12}Max Internal Groups         : {groups}",
        f"Total BGP Paths         : {routes:<12}Total Path Memory           : {routes * 360}",
        "",
        f"Total IPv4 Remote Rts   : {routes:<12}Total IPv4 Rem. Active Rts  : {routes}",
        "Total IPv6 Remote Rts   : 0           Total IPv6 Rem. Active Rts  : 0",
        "Total Supressed Rts     : 0           Total Hist. Rts             : 0",
        "Total Decay Rts         : 0",
        "",
    ]
    rows = [row for one in scene.around.bgp for row in _peer(scene, one)]
    body = (
        "Neighbor",
        "Description",
        "                   AS PktRcvd InQ  Up/Down   State|Rcv/Act/Sent (Addr Family)",
        "                      PktSent OutQ",
        SINGLE,
        *rows,
        SINGLE,
    )
    return lines(
        DOUBLE, *head, DOUBLE, "BGP Summary", DOUBLE, "Legend : D - Dynamic Neighbor", DOUBLE, *body
    )


def _peer(scene: Scene, one: BgpState) -> list[str]:
    age = lasted(scene.around.now - one.since)
    sent = int(spread(f"{scene.element.chassis.name} out", 2, 60))
    packets = (
        int(max(0.0, scene.around.now - one.since) / 30) + 2 if one.state == "established" else 0
    )
    shown = f"{one.prefixes}/{one.prefixes}/{sent} (IPv4)"
    state = shown if one.state == "established" else one.state.capitalize()
    rows = [one.address]
    rows += [one.description] if one.description else []
    return [
        *rows,
        f"{one.remote_as:>21}{packets:>8}{0:>5} {age} {state}",
        f"{packets:>29}{0:>5}",
    ]


def bfd(scene: Scene) -> str:
    """`show router bfd session`."""
    rows: list[str] = []
    for one in scene.around.adjacencies:
        if not one.bfd:
            continue
        name = _called(scene, one.port)
        timers = at(base(scene), f"interface {name}", "ipv4", "bfd")
        interval = value(timers, "transmit-interval", "100")
        packets = int(max(0.0, scene.around.now - one.since) * 1000 / int(interval))
        rows += [
            f"{name:<49}{'Up':>6}{packets:>13}{packets:>11}",
            (
                f"  {one.address:<40}{value(timers, 'multiplier', '3'):>13}{interval:>13}"
                f"{value(timers, 'receive', '100'):>11}"
            ),
            f"  {'isis':<40}{'iom':>13}{'N/A':>13}{'N/A':>11}",
            f"  {one.own_address}",
        ]
    legend = (
        DOUBLE,
        "Legend:",
        "  Session Id = Interface Name | LSP Name | Prefix | RSVP Sess Name | Service Id",
        "  wp = Working path   pp = Protecting path",
    )
    return (
        "\n"
        + lines(*legend)
        + table(
            "BFD Session",
            "Session Id                                        State      Tx Pkts    Rx Pkts",
            "  Rem Addr/Info/SdpId:VcId                      Multipl     Tx Intvl   Rx Intvl",
            "  Protocols                                        Type     LAG Port     LAG ID",
            "  Loc Addr                                                             LAG name",
            SINGLE,
            *rows,
            SINGLE,
            f"No. of BFD sessions: {len(rows) // 4}",
        )
    )


def lldp(scene: Scene) -> str:
    """`show system lldp neighbor`."""
    rows: list[str] = []
    cut = False
    for one in scene.around.heard:
        mac = ":".join(one.mac[i : i + 2] for i in range(0, 12, 2)).upper()
        far = f"{one.port_id}, {one.description}" if one.description else one.port_id
        port, system = _cut(far, 15), _cut(one.system, 17)
        cut = cut or port != far or system != one.system
        rows.append(f"{one.port:<14}{'NB':<6}{mac:<19}{len(rows) + 1:<7}{port:<16}{system}")
    note = (
        ["* indicates that the corresponding row element may have been truncated."] if cut else []
    )
    block = table(
        "NB = nearest-bridge   NTPMR = nearest-non-tpmr   NC = nearest-customer",
        "Lcl Port      Scope Remote Chassis ID  Index  Remote Port     Remote Sys Name",
        SINGLE,
        *rows,
    )
    head = lines("Link Layer Discovery Protocol (LLDP) System Information", "")
    return head + block + lines(*note, f"Number of neighbors : {len(rows)}")


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}*"


def lldp_remote(scene: Scene) -> str:
    """`show port ID ethernet lldp remote-info`."""
    name = scene.arguments[0]
    if name not in show_ports.all_ports(scene):
        return f"MINOR: CLI Invalid port-id '{name}'.\n"
    heard = next((one for one in scene.around.heard if one.port == name), None)
    title = f"Link Layer Discovery Protocol (LLDP) Port {name} Bridge nearest-bridge Remote Peer Information"
    if heard is None:
        return "\n" + table(title, "No remote peers found")
    mac = ":".join(heard.mac[i : i + 2] for i in range(0, 12, 2)).upper()
    digits = ":".join(f"{byte:02X}" for byte in heard.port_id.encode())
    rows = [
        f"Remote Peer Index 1 at timestamp {moment(scene.around.now):%m/%d/%Y %H:%M:%S}:",
        "Supported Caps        : bridge router",
        "Enabled Caps          : bridge router",
        "Chassis Id Subtype    : 4 (macAddress)",
        f"Chassis Id            : {mac}",
        "PortId Subtype        : 5 (interfaceName)",
        f"Port Id               : {digits}",
        f'                        "{heard.port_id}"',
        f"Port Description      : {heard.description or 'n/a'}",
        f"System Name           : {heard.system}",
        f"System Description    : {heard.platform or 'n/a'}",
    ]
    if heard.management:
        rows += [
            "Remote Peer Index 1 management address:",
            f"Management Address    : {heard.management}",
        ]
    return "\n" + table(title, *rows)


# --- routes ------------------------------------------------------------------------------------

_SOURCES = (
    *("Aggregate", "ARP-ND", "BGP", "BGP (Backup)", "BGP_LABEL", "DHCP-CLNT", "Direct", "ESMBCAST"),
    *("Host", "ISIS", "ISIS (LFA)", "LDP", "Managed", "NAT", "OSPF", "OSPF (LFA)", "OSPFv3"),
    *("OSPFv3 (LFA)", "Periodic", "RIB-API", "RIP", "Static", "Sub Mgmt", "Video", "VPN Leak"),
)


def routes(scene: Scene) -> str:
    """`show router route-table summary`."""
    tree = base(scene)
    direct = 0
    for name, below in entries(tree, "interface"):
        port = value(below, "port").partition(":")[0]
        up = name == SYSTEM or show_ports.state(scene, port)[1]
        direct += bool(address_of(below) and enabled(below) and up)
    counts = dict.fromkeys(_SOURCES, 0)
    counts["Direct"] = direct
    counts["ISIS"] = sum(2 + int(spread(one.neighbor, 0, 4)) for one in scene.around.adjacencies)
    counts["OSPF"] = sum(2 + int(spread(one.neighbor, 0, 4)) for one in scene.around.ospf)
    counts["BGP"] = sum(one.prefixes for one in scene.around.bgp)
    counts["Static"] = len(list(entries(at(tree, "static-routes"), "route")))
    counts["Aggregate"] = len(list(entries(at(tree, "aggregates"), "aggregate")))
    total = sum(count for name, count in counts.items() if "(" not in name)
    return "\n" + table(
        "Route Table Summary (Router: Base)",
        "                              Active                   Available",
        SINGLE,
        *(f"{name:<30}{count:<25}{count}" for name, count in counts.items()),
        SINGLE,
        f"{'Total':<30}{total:<25}{total}",
        DOUBLE,
        "NOTE: ISIS/OSPF LFA routes and BGP/BGP-VPN Backup routes are not counted",
        "      towards the total.",
    )
