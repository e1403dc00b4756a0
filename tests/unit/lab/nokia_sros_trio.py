"""Two SR OS routers and an IOS XE one behind the first: a breakout, a coherent and a grey link."""

from __future__ import annotations

from dcctl.lab.elements.fabric import End, Link
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.elements.network import Network

BREAKOUT, COHERENT, GREY = "1/1/c1/1", "1/1/2", "1/1/3"
FAR = "TenGigabitEthernet0/0/0"


def _chassis(name: str, number: int, system: str) -> Chassis:
    if system == "cisco_xe":
        media = {"GigabitEthernet0": "ethernet", FAR: "fibre"}
    else:
        media = {"A/1": "ethernet", BREAKOUT: "fibre", COHERENT: "dwdm", GREY: "fibre"}
    return Chassis(
        name=name,
        system=system,
        model="7750 SR-7" if system == "nokia_sros" else "C8500-12X4QC",
        serial=f"NS{number:04d}",
        ports=tuple(
            Port(name=port, mac=f"0200bb{number:02d}00{i:02d}", medium=medium, optic=i > 0)
            for i, (port, medium) in enumerate(media.items())
        ),
        management_port=next(iter(media)),
        management_address=f"10.9.0.{number}/24",
        management_gateway="10.9.0.254",
    )


def _interface(name: str, port: str, address: str) -> str:
    bfd = "ipv4 bfd admin-state enable transmit-interval 300 receive 300 multiplier 3"
    return f"""\
/configure port {port} admin-state enable
/configure port {port} description "{name}"
/configure port {port} ethernet lldp dest-mac nearest-bridge receive true transmit true
/configure router interface "{name}" port {port}
/configure router interface "{name}" ipv4 primary address {address} prefix-length 30
/configure router interface "{name}" {bfd}
/configure router isis interface "{name}" interface-type point-to-point
/configure router isis interface "{name}" bfd-liveness ipv4 include-bfd-tlv true
"""


def configuration(name: str) -> str:
    if name == "e3":
        return _xe()
    number = {"s1": 1, "s2": 2}[name]
    grey = _interface("grey", GREY, "10.1.2.1") if name == "s1" else ""
    return f"""\
/configure system name "{name}"
/configure port 1/1/c1 admin-state enable
/configure port 1/1/c1 connector breakout c1-100g
/configure router autonomous-system 65000
/configure router interface "system" ipv4 primary address 10.0.0.{number} prefix-length 32
/configure router isis admin-state enable
/configure router isis level-capability 2
/configure router isis area-address [49.0001]
/configure router isis interface "system" passive true
{_interface("breakout", BREAKOUT, f"10.1.0.{number}")}\
{_interface("coherent", COHERENT, f"10.1.1.{number}")}\
{grey}\
/configure router bgp group "core" type internal peer-as 65000
/configure router bgp neighbor "10.0.0.{3 - number}" group "core"
/configure system time ntp admin-state enable
/configure system time ntp server 10.60.10.51 prefer true
"""


def _xe() -> str:
    return f"""\
hostname e3
lldp run
interface Loopback0
 ip address 10.0.0.3 255.255.255.255
interface {FAR}
 ip address 10.1.2.2 255.255.255.252
 ip router isis CORE
 isis network point-to-point
 no shutdown
router isis CORE
 net 49.0001.0100.0000.0003.00
 is-type level-2-only
 passive-interface Loopback0
"""


def network(now: float, *, configured: bool = True) -> Network:
    links = [
        Link(End("s1", BREAKOUT), End("s2", BREAKOUT)),
        Link(End("s1", COHERENT), End("s2", COHERENT), "dwdm"),
        Link(End("s1", GREY), End("e3", FAR)),
    ]
    systems = {"s1": "nokia_sros", "s2": "nokia_sros", "e3": "cisco_xe"}
    chassis = [_chassis(name, n, systems[name]) for n, name in enumerate(systems, 1)]
    made = Network(chassis, links, now=now)
    for name in systems if configured else ():
        made.configure(name, configuration(name))
    return made
