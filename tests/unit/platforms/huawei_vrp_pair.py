"""Two Huawei routers of an estate that holds nothing else, and what may be wanted of the first."""

from __future__ import annotations

import re

from dcctl import discovery
from dcctl.model.target import Interface, Target
from dcctl.planning.render import render

LINKS = {"GigabitEthernet0/1/0": "fibre", "100GE0/2/0": "dwdm"}
HASH = "$1c$bWVhbmluZ2xlc3M$Zm9yIHRoZSB0ZXN0IG9ubHksIG5vdGhpbmcgaXMgb3Blbg$"
MORE = """\
mpls lsr-id 10.0.0.1
mpls
mpls ldp
ospf 1 router-id 10.0.0.1
 area 0.0.0.0
  network 10.2.0.0 0.0.0.3
ptp enable
clock ethernet-synchronization enable
interface Eth-Trunk1
 ip address 10.2.0.1 255.255.255.252
interface GigabitEthernet0/1/0
 mpls
 mpls ldp
 clock synchronization enable
 clock priority 10
"""


def target(at=1, protocols=("isis", "bfd", "lldp"), **variables):
    other = 3 - at
    ports = tuple(
        Interface(
            name=name,
            link=f"l{index}",
            peer=f"v{other}",
            peer_interface=name,
            medium=medium,
            mtu=9000,
            address=f"10.1.{index}.{at}/30",
            protocols=protocols,
        )
        for index, (name, medium) in enumerate(LINKS.items())
    )
    known = {
        "logging_collectors": ["10.60.10.61"],
        "management_networks": ["10.9.0.0/24", "10.60.0.0/16"],
        "network_users": [{"name": "netops", "hashes": {"huawei_vrp": HASH}}],
        "announced_networks": ["203.0.113.0/24"],
        "bgp_route_reflector": False,
        "bfd_interval_ms": 100,
        "bfd_multiplier": 3,
        "time_sync_servers": ["10.60.10.51", "10.60.10.52"],
        "login_banner": "Authorised staff only.\nEverything is recorded.",
        "session_timeout_minutes": 10,
        **variables,
    }
    routing = {
        "isis_net": f"49.0001.0100.0000.000{at}.00",
        "asn": 65000,
        "router_id": f"10.0.0.{at}",
        "bgp_neighbors": [{"address": f"10.0.0.{other}", "asn": 65000, "name": f"v{other}"}],
    }
    management = {
        "interface": "GigabitEthernet0/0/0",
        "address": f"10.9.0.{at}/24",
        "gateway": "10.9.0.254",
    }
    return Target(
        name=f"v{at}",
        platform="huawei_vrp",
        kind="router",
        interfaces=ports,
        intent={
            "routing": routing,
            "loopback": f"10.0.0.{at}/32",
            "management": management,
        },
        variables=known,
    )


def intended(at=1, **more):
    return render(target(at, **more), (discovery.data_root() / "templates",))


INTENDED = intended()
CHANGES = {
    "as rendered": INTENDED,
    "an address moves": INTENDED.replace("10.1.0.1 255", "10.7.0.1 255"),
    "a port shut": INTENDED.replace("mtu 9000\n undo shutdown", "mtu 1500\n shutdown", 1),
    "no protocol on a port": re.sub(
        r"(?s)(interface 100GE0/2/0\n.*?)(?: isis [^\n]*\n)+", r"\1", INTENDED
    ),
    "other users": intended(network_users=[{"name": "other", "hashes": {"huawei_vrp": HASH}}]),
    "other servers": intended(time_sync_servers=["10.60.10.53"], logging_collectors=[]),
    "another access list": intended(management_networks=["10.60.0.0/16"]),
    "another timeout": intended(session_timeout_minutes=5, login_banner="Staff only."),
    "another name": INTENDED.replace("sysname v1", "sysname w1"),
    "a reflector": intended(bgp_route_reflector=True, announced_networks=["198.51.100.0/24"]),
    "another neighbour": INTENDED.replace("peer 10.0.0.2", "peer 10.0.0.9"),
    "another system": INTENDED.replace("bgp 65000", "bgp 65001"),
    "another level": INTENDED.replace("is-level level-2", "is-level level-1-2"),
    "a new instance": INTENDED + "ip vpn-instance BLUE\n ipv4-family\n",
    "OSPF and LDP": intended(protocols=("ospf", "ldp", "bfd", "lldp")),
    "no LLDP": intended(protocols=("isis",)),
    "other protocols": INTENDED.replace("return\n", MORE + "return\n"),
}
