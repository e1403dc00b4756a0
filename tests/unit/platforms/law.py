"""The law of every platform that can be changed, in the words of what a person plans.

Running and its remediation make what is intended; what a backup holds comes back whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl import clock, discovery
from dcctl.lab.elements.network import Network
from dcctl.model.target import Target
from dcctl.planning.render import render, template_paths
from tests.unit.platforms.switch_estate import ALL, network, session, target

Planned = Callable[[Target], Target]


def _ports(**changes: object) -> Planned:
    return lambda one: replace(
        one,
        interfaces=tuple(replace(port, **changes) for port in one.interfaces),
    )


def _routing(**changes: object) -> Planned:
    return lambda one: replace(
        one, intent=one.intent | {"routing": one.intent["routing"] | changes}
    )


def _variables(**changes: object) -> Planned:
    return lambda one: replace(one, variables=one.variables | changes)


def _one_port(one: Target) -> Target:
    return replace(one, interfaces=one.interfaces[:1])


def _other_addresses(one: Target) -> Target:
    return replace(
        one,
        interfaces=tuple(
            replace(port, address=f"10.9.{place}.1/30") for place, port in enumerate(one.interfaces)
        ),
    )


CHANGES = {
    "as planned": lambda one: one,
    "shut": _ports(enabled=False),
    "other address": _other_addresses,
    "one port less": _one_port,
    "OSPF": _ports(protocols=("ospf", "bfd", "lldp")),
    "no BFD": _ports(protocols=("isis", "lldp")),
    "LDP": _ports(protocols=("isis", "bfd", "lldp", "ldp")),
    "metric": _ports(metric=4000, mtu=1500),
    "no peer": _routing(bgp_neighbors=[]),
    "other peer": _routing(bgp_neighbors=[{"name": "far", "address": "10.255.0.9", "asn": 65009}]),
    "reflector": _variables(bgp_route_reflector=True, announced_networks=["10.71.0.0/16"]),
    "banner": _variables(login_banner="Authorised staff only.\n\nAll is recorded."),
    "other managers": _variables(
        management_networks=["10.66.0.0/16"],
        session_timeout_minutes=25,
        logging_collectors=["10.60.20.19"],
    ),
}


def planned(name: str, change: str) -> str:
    """What the template says of `name` once `change` is planned."""
    return render(CHANGES[change](target(name)), template_paths(discovery.data_root()))


def pair(watch: clock.ManualClock, name: str) -> Network:
    """The pair of `name` as new, its safety nets ready."""
    made = network(watch.now().timestamp(), name)
    watch.advance(10)
    made.advance()
    return made


def running(made: Network, name: str) -> str:
    """What `name` runs, as the executor reads it."""
    return ALL[name].change.running(session(made, name))


def settled(made: Network, name: str, text: str) -> str:
    """`name` has `text` for good; what it then runs."""
    change = ALL[name].change
    wanted = change.remediate(running(made, name), text)
    if wanted.lines:
        change.apply(session(made, name), wanted, 120)
        change.confirm(session(made, name))
        clock.sleep(1)
        made.advance()
    return running(made, name)
