"""Pairs over two links: an Arista switch and a Nexus, an IOS XE router and a Junos one.

Targets, what could be planned of them, sessions, the lab.
"""

from __future__ import annotations

from dcctl import discovery, platforms
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of
from dcctl.model.target import Interface, Target
from dcctl.planning.render import render, template_paths

EOS, NXOS = platforms.get("arista_eos"), platforms.get("cisco_nxos")
NAMES = {"eos": EOS, "nexus": NXOS}
ROUTERS = {"xe": platforms.get("cisco_xe"), "junos": platforms.get("juniper_junos")}
ALL = NAMES | ROUTERS
PORTS = {
    "eos": ("Ethernet1", "Ethernet2"),
    "nexus": ("Ethernet1/1", "Ethernet1/2"),
    "xe": ("TenGigabitEthernet0/0/0", "TenGigabitEthernet0/0/1"),
    "junos": ("xe-0/1/0", "xe-0/1/1"),
}
_MANAGEMENT = {
    "eos": "Management1",
    "nexus": "mgmt0",
    "xe": "GigabitEthernet0",
    "junos": "fxp0",
}
VARIABLES = {
    "announced_networks": ["10.70.0.0/16"],
    "bfd_interval_ms": 300,
    "bfd_multiplier": 3,
    "bgp_route_reflector": False,
    "domain_name": "hoalac.example",
    "isis_instance": "CORE",
    "logging_collectors": ["10.60.20.11", "10.60.20.12"],
    "login_banner": "Authorised staff only.",
    "management_networks": ["10.60.0.0/16", "10.61.0.0/16"],
    "network_users": [
        {
            "name": "ops1",
            "hashes": {
                "arista_eos": "$6$zgvpu6SWc6Jj8FmP$550WLDxthDNhdAdbCNpxiiv7xuvBnV6YyAwidJV7nXYl",
                "cisco_nxos": "$5$ABCDEFGH$Xq0WcVv3QJ1oGkZ7yNn5wPzR2tS8uL4mB6dE9fH1aC3",
                "cisco_xe": "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM",
                "juniper_junos": "$6$zgvpu6SWc6Jj8FmP$550WLDxthDNhdAdbCNpxiiv7xuvBnV6YyAwidJV7nXYl",
            },
        }
    ],
    "session_timeout_minutes": 10,
    "time_sync_servers": ["10.60.10.51", "10.60.10.52"],
    "time_zone": "Asia/Ho_Chi_Minh",
}


def _pair(name: str) -> tuple[str, ...]:
    return tuple(NAMES if name in NAMES else ROUTERS)


def target(name: str, **variables: object) -> Target:
    """One of the two."""
    number = list(ALL).index(name) % 2
    other = next(one for one in _pair(name) if one != name)
    return Target(
        name=name,
        platform=ALL[name].name,
        kind="router",
        interfaces=tuple(
            Interface(
                name=port,
                address=f"10.0.{link}.{number}/31",
                mtu=9000,
                link=f"link{link}",
                peer=other,
                peer_interface=PORTS[other][link],
                peer_address=f"10.0.{link}.{1 - number}/31",
                medium="fibre",
                protocols=("isis", "bfd", "lldp"),
                metric=10 + link,
            )
            for link, port in enumerate(PORTS[name])
        ),
        intent={
            "serial": f"SER{number + 1}",
            "loopback": f"10.255.0.{number + 1}/32",
            "routing": {
                "asn": 64512,
                "router_id": f"10.255.0.{number + 1}",
                "isis_net": f"49.0001.0102.5500.000{number + 1}.00",
                "bgp_neighbors": [
                    {"name": other, "address": f"10.255.0.{2 - number}", "asn": 64512}
                ],
            },
            "management": {
                "interface": _MANAGEMENT[name],
                "address": f"10.60.1.{number + 1}/24",
                "gateway": "10.60.1.254",
            },
        },
        variables=VARIABLES | variables,
    )


def intended(name: str, **variables: object) -> str:
    """What the template says of one switch."""
    return render(target(name, **variables), template_paths(discovery.data_root()))


def network(now: float, name: str = "eos") -> Network:
    """The pair of `name`, both as new."""
    plan = plan_of([target(one) for one in _pair(name)], "test")
    return Network(plan.chassis, plan.links, plan.absent, now=now)


def session(made: Network, name: str, *, read_only: bool = False) -> InProcessSession:
    """A session as the executor opens one."""
    platform = ALL[name]
    return InProcessSession(
        made,
        name,
        read_only=read_only,
        allowed=platform.read_only,
        failures=platform.failures,
        enter=platform.enter,
        leave=platform.leave,
        answers=platform.answers,
    )
