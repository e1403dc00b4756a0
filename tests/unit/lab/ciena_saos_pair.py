"""A SAOS switch between another one and a Junos router."""

from __future__ import annotations

from dcctl.lab.elements.fabric import End, Link
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.elements.network import Network


def _chassis(name: str, number: int, system: str = "ciena_saos") -> Chassis:
    management = "local" if system == "ciena_saos" else "fxp0"
    names = ("9", "10") if system == "ciena_saos" else ("xe-0/0/0",)
    return Chassis(
        name=name,
        system=system,
        model="3930" if system == "ciena_saos" else "MX204",
        serial=f"M110000{number}",
        ports=(
            Port(name=management, mac=f"0200cc{number:02d}0000", medium="ethernet", optic=False),
            *(
                Port(name=port, mac=f"0200cc{number:02d}00{i:02d}")
                for i, port in enumerate(names, 1)
            ),
        ),
        management_port=management,
        management_address=f"10.8.0.{number}/24",
        management_gateway="10.8.0.254",
    )


def configuration(name: str) -> str:
    if name == "j3":
        return "set system host-name j3\nset protocols lldp interface all\nset interfaces xe-0/0/0"
    return """\
ntp client add server 10.60.10.51
port set port 9 max-frame-size 9216 description "to the ring"
port set port 10 max-frame-size 9216
vlan create vlan 300
vlan add vlan 300 port 9
aggregation create agg RING
aggregation add agg RING port 10
"""


def network(now: float, *, configured: bool = True) -> Network:
    links = [Link(End("c1", "9"), End("c2", "9")), Link(End("c1", "10"), End("j3", "xe-0/0/0"))]
    made = Network(
        [_chassis("c1", 1), _chassis("c2", 2), _chassis("j3", 3, "juniper_junos")], links, now=now
    )
    for name in ("c1", "c2", "j3") if configured else ():
        made.configure(name, configuration(name))
    return made
