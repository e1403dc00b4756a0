"""What `show` answers about OSPF and LDP."""

from __future__ import annotations

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import LdpState, OspfState
from dcctl.lab.elements.tree import sections
from dcctl.lab.systems.cisco_nxos import config, kinds
from dcctl.lab.systems.cisco_nxos.scene import Data, Scene, brief, table


def _process(scene: Scene) -> str:
    return next((name for name, _ in sections(scene.tree, "router ospf")), "")


def _role(scene: Scene, one: OspfState) -> str:
    """What the neighbour is on its subnet; the higher router id wins."""
    if "ip ospf network point-to-point" in scene.section(one.port):
        return ""
    own = config.intent(scene.element.chassis, scene.tree).router_id
    return "DR" if _number(one.router_id) > _number(own) else "BDR"


def _number(router: str) -> tuple[int, ...]:
    return tuple(int(part) for part in router.split("."))


def ospf_data(scene: Scene) -> Data:
    """`show ip ospf neighbors | json`."""
    process = _process(scene)
    if not process:
        return {}
    rows: list[Data] = []
    for one in scene.around.ospf:
        lasted = int(scene.around.now - one.since)
        days, clock = lasted // 86400, lasted % 86400
        rows.append(
            {
                "rid": one.router_id,
                "priority": "1",
                "state": one.state.upper(),
                "drstate": _role(scene, one) or "-",
                "uptime": f"P{days}DT{clock // 3600}H{clock // 60 % 60}M{clock % 60}S",
                "addr": one.address,
                "intf": kinds.short(one.port),
            }
        )
    context = {"ptag": process, "cname": "default", "nbrcount": str(len(rows))}
    return table("ctx", [{**context, **table("nbr", rows)}])


def ospf(scene: Scene) -> str:
    """`show ip ospf neighbors`."""
    process = _process(scene)
    if not process:
        return ""
    found = scene.around.ospf
    rows = [f" OSPF Process ID {process} VRF default", f" Total number of neighbors: {len(found)}"]
    if found:
        rows.append(" Neighbor ID     Pri State            Up Time  Address         Interface")
    for one in found:
        role = _role(scene, one)
        state = f"{one.state.upper()}/{role or ' -'}"
        lasted = brief(scene.around.now - one.since)
        rows.append(
            f" {one.router_id:<15} {1:>3} {state:<16} {lasted:<8} {one.address:<15} "
            f"{kinds.short(one.port)} "
        )
    return "\n".join([*rows, ""])


def ldp(scene: Scene) -> str:
    """`show mpls ldp neighbor`."""
    return "".join(_session(scene, one) for one in scene.around.ldp)


def _session(scene: Scene, one: LdpState) -> str:
    lasted = max(0.0, scene.around.now - one.since)
    port = int(spread(f"{one.own} {one.peer}", 32768, 60999))
    active = _number(one.peer) > _number(one.own)
    theirs, mine = (port, 646) if active else (646, port)
    sent = int(lasted / 15) + 12
    ports = zip(one.ports, one.addresses, strict=True)
    found = "".join(f"          {name}, Src IP addr: {address}\n" for name, address in ports)
    return f"""\
    Peer LDP Ident: {one.peer}:0; Local LDP Ident {one.own}:0
        TCP connection: {one.peer}.{theirs} - {one.own}.{mine}
        State: Oper; Msgs sent/rcvd: {sent}/{sent - 1}; Downstream
        Up time: {brief(lasted)}
        LDP discovery sources:
{found}        Addresses bound to peer LDP Ident:
          {" ".join((*one.addresses, one.peer))}
"""
