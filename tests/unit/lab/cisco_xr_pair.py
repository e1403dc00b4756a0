"""Two IOS XR routers with two links, one grey and one coherent."""

from __future__ import annotations

from dcctl.lab.elements.fabric import End, Link
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.elements.network import Network

GREY, COHERENT = "TenGigE0/0/0/0", "HundredGigE0/0/1/0"
MANAGEMENT = "MgmtEth0/RP0/CPU0/0"


def _chassis(name: str, number: int) -> Chassis:
    media = {MANAGEMENT: "ethernet", GREY: "fibre", COHERENT: "dwdm"}
    return Chassis(
        name=name,
        system="cisco_xr",
        model="NCS-5504",
        serial=f"FOX{number:04d}",
        ports=tuple(
            Port(name=port, mac=f"0200aa{number:02d}00{i:02d}", medium=medium, optic=i > 0)
            for i, (port, medium) in enumerate(media.items())
        ),
        management_port=MANAGEMENT,
        management_address=f"10.9.0.{number}/24",
        management_gateway="10.9.0.254",
    )


def configuration(name: str) -> str:
    number = {"x1": 1, "x2": 2}[name]
    return f"""\
hostname {name}
lldp
ntp
 server 10.60.10.51
!
interface Loopback0
 ipv4 address 10.0.0.{number}/32
!
interface {GREY}
 description grey
 ipv4 address 10.1.0.{number}/30
 no shutdown
!
interface {COHERENT}
 description coherent
 ipv4 address 10.1.1.{number}/30
 no shutdown
!
router isis CORE
 is-type level-2-only
 net 49.0001.0100.0000.000{number}.00
 interface Loopback0
  passive
  address-family ipv4 unicast
 !
 interface {GREY}
  point-to-point
  bfd minimum-interval 300
  bfd multiplier 3
  bfd fast-detect ipv4
  address-family ipv4 unicast
   metric 10
 !
 interface {COHERENT}
  point-to-point
  address-family ipv4 unicast
!
router bgp 65000
 neighbor 10.0.0.{3 - number}
  remote-as 65000
  update-source Loopback0
  address-family ipv4 unicast
"""


def network(now: float, *, configured: bool = True) -> Network:
    links = [Link(End("x1", port), End("x2", port), medium) for port, medium in _LINKS]
    made = Network([_chassis("x1", 1), _chassis("x2", 2)], links, now=now)
    for name in ("x1", "x2") if configured else ():
        made.configure(name, configuration(name))
    return made


_LINKS = ((GREY, "fibre"), (COHERENT, "dwdm"))
