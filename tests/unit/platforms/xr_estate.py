"""Two IOS XR routers side by side, as an estate would describe them; rendered and simulated."""

from __future__ import annotations

from dcctl import discovery, platforms
from dcctl.lab.elements.network import Network
from dcctl.lab.elements.session import InProcessSession
from dcctl.lab.elements.site import plan_of
from dcctl.model.target import Interface, Target
from dcctl.planning.render import render, template_paths

NAMES = ("xr1", "xr2")
PLATFORM = platforms.get("cisco_xr")
PORTS = ("HundredGigE0/0/0/0", "HundredGigE0/0/0/1")
SAMPLE = "$6$zgvpu6SWc6Jj8FmP$550WLDxthDNhdAdbCNpxiiv7xuvBnV6YyAwidJV7nXYlOKAM7ZSYVaxRyxtMxca"
VARIABLES = {
    "announced_networks": ["10.101.0.0/16"],
    "domain_name": "north.example",
    "management_networks": ["10.60.0.0/16"],
    "isis_instance": "BACKBONE",
    "bfd_interval_ms": 300,
    "bfd_multiplier": 3,
    "time_sync_servers": ["10.60.10.51"],
    "logging_collectors": ["10.60.10.51", "10.60.10.61"],
    "session_timeout_minutes": 10,
    "login_banner": "Authorised staff only.",
    "network_users": [{"name": "north", "hashes": {"cisco_xr": SAMPLE}}],
    "bgp_route_reflector": False,
}


def port(name: str, place: int, number: int, peer: str, protocols: tuple[str, ...]) -> Interface:
    return Interface(
        name=name,
        address=f"10.0.{place}.{number % 2}/31",
        mtu=9100,
        link=f"xr1--xr2-{place}",
        peer=peer,
        peer_interface=name,
        peer_address=f"10.0.{place}.{1 - number % 2}/31",
        medium="fibre",
        protocols=protocols,
        metric=10,
        area="0",
    )


def target(name: str, *, protocols: tuple[str, ...] = ("isis", "bfd", "lldp")) -> Target:
    number = NAMES.index(name) + 1
    peer, other = NAMES[1 - NAMES.index(name)], 3 - number
    return Target(
        name=name,
        platform="cisco_xr",
        kind="router",
        interfaces=tuple(
            port(one, place, number, peer, protocols) for place, one in enumerate(PORTS)
        ),
        intent={
            "serial": f"FOC{number:08}",
            "loopback": f"10.255.0.{number}/32",
            "routing": {
                "asn": 64512,
                "router_id": f"10.255.0.{number}",
                "isis_net": f"49.0001.0102.5500.000{number}.00",
                "bgp_neighbors": [{"name": peer, "address": f"10.255.0.{other}", "asn": 64512}],
            },
            "management": {
                "interface": "MgmtEth0/RP0/CPU0/0",
                "address": f"10.60.1.{number}/24",
                "gateway": "10.60.1.254",
            },
        },
        variables=VARIABLES,
    )


def intended(name: str, **more) -> str:
    return render(target(name, **more), template_paths(discovery.data_root()))


def network(*, configured: bool = True, **more) -> Network:
    plan = plan_of([target(name, **more) for name in NAMES], "test")
    made = Network(plan.chassis, plan.links, plan.absent, now=1_790_000_000.0)
    for name in NAMES if configured else ():
        change(made, name, intended(name, **more))
    return made


def session(made: Network, name: str, *, read_only: bool = False) -> InProcessSession:
    opened = InProcessSession(
        made,
        name,
        read_only=read_only,
        allowed=PLATFORM.read_only,
        failures=(*PLATFORM.failures, *PLATFORM.unchanged),
        enter=PLATFORM.enter,
        leave=PLATFORM.leave,
        answers=PLATFORM.answers,
    )
    for line in PLATFORM.setup:
        opened._type(line, None)
    return opened


def running(made: Network, name: str) -> str:
    return PLATFORM.change.running(session(made, name))


def change(made: Network, name: str, text: str, *, whole: bool = False):
    """Make `name` run `text`, as the executor does it; what was sent."""
    rules = PLATFORM.change
    compare = rules.replace if whole else rules.remediate
    wanted = compare(running(made, name), text)
    if wanted.lines:
        holder = session(made, name)
        rules.apply(holder, wanted, 60)
        running(made, name)
        rules.confirm(holder)
        holder.close()
    return wanted
