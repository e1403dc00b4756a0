"""Two SR OS routers that face each other over two links: targets, their configuration, the lab."""

from __future__ import annotations

from dcctl import discovery, platforms
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of
from dcctl.model.target import Interface, Target
from dcctl.planning.render import render, template_paths

SROS = platforms.get("nokia_sros")
NAMES = ("s1", "s2")
PORTS = ("1/1/c1/1", "1/1/c2/1")
VARIABLES = {
    "announced_networks": ["10.70.0.0/16"],
    "bfd_interval_ms": 300,
    "bfd_multiplier": 3,
    "bgp_route_reflector": False,
    "domain_name": "hoalac.example",
    "logging_collectors": ["10.60.20.11", "10.60.20.12"],
    "login_banner": "Authorised staff only.",
    "management_networks": ["10.60.0.0/16", "10.61.0.0/16"],
    "network_users": [
        {
            "name": "ops1",
            "hashes": {"nokia_sros": "$2y$10$TQrZlpBDra86.qoexZUzQeBXDY1FcdDhGWdD9lLx"},
        }
    ],
    "session_timeout_minutes": 10,
    "time_sync_servers": ["10.60.10.51", "10.60.10.52"],
}


def target(name: str, igp: str = "isis", **variables: object) -> Target:
    number = NAMES.index(name)
    other = NAMES[1 - number]
    return Target(
        name=name,
        platform="nokia_sros",
        kind="router",
        interfaces=tuple(
            Interface(
                name=port,
                address=f"10.0.{link}.{number}/31",
                mtu=9000,
                link=f"link{link}",
                peer=other,
                peer_interface=port,
                peer_address=f"10.0.{link}.{1 - number}/31",
                medium="fibre",
                protocols=(igp, "bfd", "lldp", "ldp"),
                metric=10 + link,
            )
            for link, port in enumerate(PORTS)
        ),
        intent={
            "serial": f"NS{number}",
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
                "interface": "A/1",
                "address": f"10.60.1.{number + 1}/24",
                "gateway": "10.60.1.254",
            },
        },
        variables=VARIABLES | variables,
    )


def intended(name: str, igp: str = "isis", **variables: object) -> str:
    """What the template says of one router."""
    return render(target(name, igp, **variables), template_paths(discovery.data_root()))


def network(now: float) -> Network:
    plan = plan_of([target(name) for name in NAMES], "test")
    return Network(plan.chassis, plan.links, plan.absent, now=now)


def session(made: Network, name: str) -> InProcessSession:
    return InProcessSession(
        made,
        name,
        failures=SROS.failures,
        enter=SROS.enter,
        leave=SROS.leave,
        answers=SROS.answers,
    )


def change(made: Network, name: str, text: str) -> None:
    """Bring one router to `text` for good."""
    armed, looking = session(made, name), session(made, name)
    wanted = SROS.change.remediate(SROS.change.running(looking), text)
    if wanted.lines:
        SROS.change.apply(armed, wanted, 60)
        SROS.change.confirm(armed)
    armed.close()
    looking.close()
