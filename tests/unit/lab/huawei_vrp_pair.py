"""Two Huawei routers with two links, one grey and one coherent: of VRP8, or both of VRP5."""

from __future__ import annotations

from functools import partial

from dcctl.lab.elements.fabric import End, Link
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.elements.network import Network

MANAGEMENT, GREY = "GigabitEthernet0/0/0", "GigabitEthernet0/1/0"
COHERENT = {"NetEngine 8000 M8": "100GE0/2/0", "AR6280": "XGigabitEthernet0/2/0"}


def _chassis(name: str, number: int, model: str) -> Chassis:
    media = {MANAGEMENT: "ethernet", GREY: "fibre", COHERENT[model]: "dwdm"}
    return Chassis(
        name=name,
        system="huawei_vrp",
        model=model,
        serial=f"2102{number:04d}",
        ports=tuple(
            Port(name=port, mac=f"0200bb{number:02d}00{i:02d}", medium=medium, optic=i > 0)
            for i, (port, medium) in enumerate(media.items())
        ),
        management_port=MANAGEMENT,
        management_address=f"10.9.0.{number}/24",
        management_gateway="10.9.0.254",
    )


def configuration(name: str, model: str) -> str:
    number = int(name[1])
    return f"""\
sysname {name}
lldp enable
ntp-service unicast-server 10.60.10.51
bfd
isis 1
 is-level level-2
 cost-style wide
 network-entity 49.0001.0100.0000.000{number}.00
 is-name {name}
 bfd all-interfaces enable
interface LoopBack0
 ip address 10.0.0.{number} 32
 isis enable 1
 isis silent
interface {GREY}
 description grey
 undo shutdown
 ip address 10.1.0.{number} 30
 isis enable 1
 isis circuit-type p2p
interface {COHERENT[model]}
 description coherent
 undo shutdown
 ip address 10.1.1.{number} 30
 isis enable 1
 isis circuit-type p2p
bgp 65000
 peer 10.0.0.{3 - number} as-number 65000
 peer 10.0.0.{3 - number} connect-interface LoopBack0
"""


def network(
    now: float, *, configured: bool = True, model: str = "NetEngine 8000 M8", first: str = "h"
) -> Network:
    names = (f"{first}1", f"{first}2")
    links = [
        Link(End(names[0], port), End(names[1], port), medium)
        for port, medium in ((GREY, "fibre"), (COHERENT[model], "dwdm"))
    ]
    chassis = [_chassis(name, number, model) for number, name in enumerate(names, 1)]
    made = Network(chassis, links, now=now)
    for name in names if configured else ():
        made.configure(name, configuration(name, model))
    return made


immediate = partial(network, model="AR6280", first="a")
