"""What SR OS answers about LDP, RSVP and label-switched paths."""

from __future__ import annotations

from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.nokia_sros import show_ports
from dcctl.lab.systems.nokia_sros.intent import SYSTEM, address_of, at, enabled, entries
from dcctl.lab.systems.nokia_sros.scene import SINGLE, clock, lines, table
from dcctl.lab.systems.nokia_sros.show_protocols import base, not_configured


def ldp(scene: Scene) -> str:
    """`show router ldp session`."""
    if "ldp" not in base(scene):
        return not_configured("LDP")
    wide = "=" * 78
    rows = [session_row(one.peer, one.since, scene.around.now) for one in scene.around.ldp]
    text = lines(
        "",
        wide,
        "LDP IPv4 Sessions",
        wide,
        "Peer LDP Id         Adj Type  State         Msg Sent  Msg Recv  Up Time",
        "-" * 78,
        *(rows or ["No Matching Entries Found"]),
    )
    count = ["-" * 78, f"No. of IPv4 Sessions: {len(rows)}"] if rows else []
    return (
        text
        + lines(*count, wide, "")
        + table(
            "LDP IPv6 Sessions",
            "Peer LDP Id",
            " Adj Type            State          Msg Sent       Msg Recv       Up Time",
            SINGLE,
            "No Matching Entries Found",
        )
    )


def session_row(peer: str, since: float, now: float) -> str:
    """One LDP session."""
    count = int(max(0.0, now - since) / 5) + 12
    return f"{f'{peer}:0':<20}{'Link':<10}{'Established':<14}{count:<10}{count + 3:<10}{clock(now - since)}"


def ldp_interfaces(scene: Scene) -> str:
    """`show router ldp interface`."""
    if "ldp" not in base(scene):
        return not_configured("LDP")
    rows = []
    names = [
        name for name, _ in entries(at(base(scene), "ldp", "interface-parameters"), "interface")
    ]
    for name in names:
        port = value(at(base(scene), f"interface {name}"), "port").partition(":")[0]
        oper = "Up" if show_ports.state(scene, port)[1] else "Dwn"
        rows += [
            f"{name:<34}Up/{oper}",
            f"  {'ipv4':<32}{f'Up/{oper}':<8}3     15    3     30    System",
        ]
    return "\n" + table(
        "LDP Interfaces",
        "Interface                         Adm/Opr",
        " Sub-Interface(s)                  Adm/Opr  Hello Hold  KA    KA    Transport",
        "                                            Fctr  Time  Fctr  Time  Address",
        SINGLE,
        *rows,
        SINGLE,
        f"No. of Interfaces: {len(names)}",
    )


def _paths(scene: Scene) -> list[tuple[str, str, Tree]]:
    mpls = at(base(scene), "mpls")
    return [(name, value(below, "to"), below) for name, below in entries(mpls, "lsp")]


def _path_up(scene: Scene, below: Tree) -> bool:
    tree = base(scene)
    ready = all(enabled(at(tree, name), default=False) for name in ("mpls", "rsvp"))
    return ready and enabled(below, default=False) and bool(scene.around.adjacencies)


def lsps(scene: Scene) -> str:
    """`show router mpls lsp`."""
    if "mpls" not in base(scene):
        return not_configured("MPLS")
    rows = []
    for number, (name, far, below) in enumerate(_paths(scene), 1):
        admin = "Up" if enabled(below, default=False) else "Dwn"
        oper = "Up" if _path_up(scene, below) else "Dwn"
        fast = "Yes" if "fast-reroute" in below else "No"
        rows += [f"{name:<52}{number:<8}{fast:<10}{admin:<5}{oper}", f"  {far}"]
    return "\n" + table(
        "MPLS LSPs (Originating)",
        "LSP Name                                            Tun     Fastfail  Adm  Opr",
        "  To                                                Id      Config",
        SINGLE,
        *rows,
        SINGLE,
        f"LSPs : {len(rows) // 2}",
    )


def rsvp(scene: Scene) -> str:
    """`show router rsvp session`."""
    if "rsvp" not in base(scene):
        return not_configured("RSVP")
    own = address_of(at(base(scene), f"interface {SYSTEM}")).partition("/")[0]
    rows = []
    for number, (name, far, below) in enumerate(_paths(scene), 1):
        state = "Up" if _path_up(scene, below) else "Down"
        primary = next((key for key, _ in entries(below, "primary")), "")
        label = f"{name}::{primary}" if primary else name
        rows.append(f"{own:<16}{far:<16}{number:<7}{61440 + number * 2:<6}{label[:28]:<29}{state}")
    return "\n" + table(
        "RSVP Sessions",
        "From            To              Tunnel LSP   Name                         State",
        "                                ID     ID",
        SINGLE,
        *rows,
        SINGLE,
        f"Sessions : {len(rows)}",
    )


def rsvp_interfaces(scene: Scene) -> str:
    """`show router rsvp interface`."""
    if "rsvp" not in base(scene):
        return not_configured("RSVP")
    rows = []
    for name, _ in entries(at(base(scene), "rsvp"), "interface"):
        port = value(at(base(scene), f"interface {name}"), "port").partition(":")[0]
        oper = "Up" if show_ports.state(scene, port)[1] else "Dwn"
        rows.append(f"{name:<33}{0:<9}{0:<9}{100000:<10}{0:<10}{'Up':<4}{oper}")
    return "\n" + table(
        "RSVP Interfaces",
        "Interface                        Total    Active    Total BW  Resv BW   Adm Opr",
        "                                 Sessions Sessions  (Mbps)    (Mbps)",
        SINGLE,
        *rows,
        SINGLE,
        f"Interfaces : {len(rows)}",
    )
