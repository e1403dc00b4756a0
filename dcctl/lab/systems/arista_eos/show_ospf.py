"""What `show` answers about OSPF and LDP."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import LdpState, OspfState
from dcctl.lab.systems.arista_eos import config, protocols
from dcctl.lab.systems.arista_eos.scene import Scene

Data = dict[str, Any]
_DEAD_S = 40
_HELLO_S = 10


def _role(scene: Scene, one: OspfState) -> str:
    """What the neighbour is on its subnet; the higher router id wins."""
    section = scene.tree.get(f"interface {one.port}", {})
    if "ip ospf network point-to-point" in section:
        return ""
    own = config.intent(scene.element.chassis, scene.tree).router_id
    return "DR" if _number(one.router_id) > _number(own) else "BDR"


def _number(router: str) -> tuple[int, ...]:
    return tuple(int(part) for part in router.split("."))


def _left(scene: Scene, one: OspfState) -> int:
    """Seconds until it is taken for dead."""
    return _DEAD_S - int(scene.around.now - one.since) % _HELLO_S


def ospf_data(scene: Scene) -> Data:
    """`show ip ospf neighbor | json`."""
    if not protocols.process(scene.tree):
        return {"vrfs": {}}
    entries = [
        {
            "routerId": one.router_id,
            "priority": 1,
            "drState": _role(scene, one) or "-",
            "adjacencyState": one.state,
            "inactivity": scene.around.now + _left(scene, one),
            "interfaceAddress": one.address,
            "interfaceName": one.port,
        }
        for one in scene.around.ospf
    ]
    number = protocols.process(scene.tree).rpartition(" ")[2]
    return {"vrfs": {"default": {"instList": {number: {"ospfNeighborEntries": entries}}}}}


def ospf(scene: Scene) -> str:
    """`show ip ospf neighbor`."""
    if not protocols.process(scene.tree):
        return ""
    rows = ["Neighbor ID     VRF    Pri   State            Dead Time   Address         Interface"]
    for one in scene.around.ospf:
        role = _role(scene, one)
        state = one.state.upper() + (f"/{role}" if role else "")
        rows.append(
            f"{one.router_id:<15} {'default':<10} {1:<3} {state:<16} "
            f"00:00:{_left(scene, one):02d}    {one.address:<15} {one.port}"
        )
    return "\n".join([*rows, ""])


def ldp(scene: Scene) -> str:
    """`show mpls ldp neighbor`."""
    return "".join(_session(scene, one) for one in scene.around.ldp)


def _session(scene: Scene, one: LdpState) -> str:
    lasted = int(max(0.0, scene.around.now - one.since))
    port = int(spread(f"{one.own} {one.peer}", 32768, 60999))
    active = _number(one.peer) > _number(one.own)
    theirs, mine = (port, 646) if active else (646, port)
    uptime = f"{lasted // 3600}:{lasted // 60 % 60:02d}:{lasted % 60:02d}"
    found = "".join(f"      {name}\n" for name in one.ports)
    return f"""\
Peer LDP ID: {one.peer}:0; Local LDP ID: {one.own}:0
   TCP Connection: {one.peer}:{theirs} - {one.own}:{mine}
   State: oper; Msgs sent/rcvd: {lasted // 10 + 12}/{lasted // 10 + 11}; downstream unsolicited
   Uptime: {uptime}
   Keepalive tx interval: 10 sec; proposed local/peer: 10/60 sec
   Keepalive time: 30 sec; proposed local/peer: 30/180 sec; expires in: {21 + lasted % 9}.39 sec
   End-of-LIB: not supported
   Graceful restart: not supported
   Graceful restart rx time: reconnect: 0 sec; recovery: 0 sec
   LDP discovery sources:
{found}   Addresses bound to peer:
      {" ".join(f"{address:<14}" for address in (*one.addresses, one.peer)).rstrip()}
"""
