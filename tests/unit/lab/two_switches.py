"""An Arista switch and a Nexus that face each other over two links: configuration and network."""

from __future__ import annotations

from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of
from dcctl.model.target import Interface, Target

PORTS = {"eos": ("Ethernet1", "Ethernet2"), "nexus": ("Ethernet1/1", "Ethernet1/2")}
_PLATFORMS = {"eos": "arista_eos", "nexus": "cisco_nxos"}
_MANAGEMENT = {"eos": "Management1", "nexus": "mgmt0"}

EOS = """\
hostname eos
ntp server 10.60.10.51
interface Loopback0
   ip address 10.255.0.1/32
   isis enable CORE
   isis passive
interface Ethernet1
   description to nexus
   no switchport
   ip address 10.0.0.0/31
   isis enable CORE
   isis network point-to-point
interface Ethernet2
   description to nexus
   no switchport
   ip address 10.0.1.0/31
   isis enable CORE
   isis network point-to-point
ip routing
router isis CORE
   net 49.0001.0102.5500.0001.00
   is-type level-2
   address-family ipv4 unicast
      bfd all-interfaces
router bgp 64512
   router-id 10.255.0.1
   neighbor 10.255.0.2 remote-as 64512
   neighbor 10.255.0.2 update-source Loopback0
   address-family ipv4
      neighbor 10.255.0.2 activate
"""
NEXUS = """\
hostname nexus
feature isis
feature bgp
feature bfd
feature lldp
ntp server 10.60.10.51 use-vrf default
interface loopback0
  ip address 10.255.0.2/32
  ip router isis CORE
interface Ethernet1/1
  description to eos
  no switchport
  ip address 10.0.0.1/31
  isis network point-to-point
  ip router isis CORE
  no shutdown
interface Ethernet1/2
  description to eos
  no switchport
  ip address 10.0.1.1/31
  isis network point-to-point
  ip router isis CORE
  no shutdown
router isis CORE
  net 49.0001.0102.5500.0002.00
  is-type level-2
  bfd
router bgp 64512
  router-id 10.255.0.2
  neighbor 10.255.0.1 remote-as 64512
    update-source loopback0
    address-family ipv4 unicast
"""


def target(name: str) -> Target:
    number = list(PORTS).index(name)
    other = list(PORTS)[1 - number]
    return Target(
        name=name,
        platform=_PLATFORMS[name],
        kind="router",
        interfaces=tuple(
            Interface(
                name=port,
                address=f"10.0.{link}.{number}/31",
                link=f"link{link}",
                peer=other,
                peer_interface=PORTS[other][link],
                peer_address=f"10.0.{link}.{1 - number}/31",
                medium="fibre",
                protocols=("isis", "bfd", "lldp"),
            )
            for link, port in enumerate(PORTS[name])
        ),
        intent={
            "serial": f"SER{number + 1}",
            "loopback": f"10.255.0.{number + 1}/32",
            "routing": {"asn": 64512},
            "management": {
                "interface": _MANAGEMENT[name],
                "address": f"10.60.1.{number + 1}/24",
                "gateway": "10.60.1.254",
            },
        },
    )


def network(now: float, *, configured: bool = True) -> Network:
    plan = plan_of([target(name) for name in PORTS], "test")
    made = Network(plan.chassis, plan.links, plan.absent, now=now)
    if configured:
        made.configure("eos", EOS)
        made.configure("nexus", NEXUS)
    return made


def session(made: Network, name: str) -> InProcessSession:
    return InProcessSession(made, name)


def typed(one: InProcessSession, *lines: str) -> list[str]:
    """What each line answers."""
    return [one.send(line) for line in lines]
