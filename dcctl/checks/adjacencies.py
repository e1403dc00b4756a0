"""Routing neighbours: IS-IS, OSPF, BGP and BFD, each as the links of the design say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import setting, verdict
from dcctl.contracts import Check, Judgement
from dcctl.facts.interfaces import same_interface
from dcctl.model.status import Severity
from dcctl.model.target import Interface, Target
from dcctl.text import N_

_SYSTEM_ID = re.compile(r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}.*", re.IGNORECASE)


def _speaking(target: Target, protocol: str) -> tuple[Interface, ...]:
    return tuple(
        interface
        for interface in target.interfaces
        if protocol in interface.protocols and interface.link and interface.enabled
    )


def _on_link(name: str, link: Interface) -> bool:
    return same_interface(name, link.name) or same_interface(name.rpartition(".")[0], link.name)


def _runs_isis(target: Target) -> str:
    return "" if _speaking(target, "isis") else N_("no link of it runs IS-IS")


def _runs_ospf(target: Target) -> str:
    return "" if _speaking(target, "ospf") else N_("no link of it runs OSPF")


def _runs_bfd(target: Target) -> str:
    return "" if _speaking(target, "bfd") else N_("no link of it runs BFD")


def _runs_bgp(target: Target) -> str:
    wanted = setting(target, "routing.bgp_neighbors")
    return "" if wanted else N_("the estate gives it no BGP neighbours")


def _isis(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["isis"]
    wrong, observed = [], {}
    for link in _speaking(target, "isis"):
        found = [item for item in (fact.items if fact else ()) if _on_link(item.interface, link)]
        observed[link.name] = [f"{item.neighbor} {item.state}" for item in found]
        if not any(item.state == "up" and _is(item.neighbor, link.peer) for item in found):
            wrong.append(f"{link.name} -> {link.peer}")
    return verdict(
        wrong,
        good=N_("every IS-IS adjacency is up"),
        bad=N_("IS-IS adjacencies that are not up: {items}"),
        observed=observed,
        expected={link.name: f"{link.peer} up" for link in _speaking(target, "isis")},
    )


def _is(neighbor: str, peer: str) -> bool:
    """Whether a neighbour may be `peer`: its name, or a system id that was not resolved to one."""
    short = neighbor.split(".", maxsplit=1)[0].lower()
    return not peer or short == peer.lower() or bool(_SYSTEM_ID.fullmatch(neighbor))


def _ospf(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["ospf"]
    wrong, observed = [], {}
    for link in _speaking(target, "ospf"):
        far = link.peer_address.split("/")[0]
        found = [
            item
            for item in (fact.items if fact else ())
            if _on_link(item.interface.split(":")[0], link) or (far and item.address == far)
        ]
        observed[link.name] = [f"{item.neighbor} {item.state}" for item in found]
        if not any(item.state == "full" for item in found):
            wrong.append(f"{link.name} -> {link.peer}")
    return verdict(
        wrong,
        good=N_("every OSPF neighbour is full"),
        bad=N_("OSPF neighbours that are not full: {items}"),
        observed=observed,
        expected={link.name: f"{link.peer} full" for link in _speaking(target, "ospf")},
    )


def _bgp(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["bgp"]
    peers = fact.items if fact else ()
    states: dict[str, str] = {}
    for peer in peers:  # one address may stand there once a family: the worst state counts
        if states.get(peer.neighbor, "established") == "established":
            states[peer.neighbor] = peer.state
    # The estate may give one list to a whole group: a router skips itself.
    wanted = [
        item for item in setting(target, "routing.bgp_neighbors") if _name(item) != target.name
    ]
    wrong = [f"{address} ({state})" for address, state in states.items() if state != "established"]
    names = [_name(item) for item in wanted]
    for item in wanted:
        address = str(item.get("address", "")).split("/")[0] if isinstance(item, Mapping) else ""
        if address and address not in states:
            wrong.append(f"{_name(item)} (absent)")
    if not wrong and len(states) < len(wanted):
        wrong = [f"{len(states)} / {len(wanted)}: {', '.join(names)}"]
    return verdict(
        wrong,
        good=N_("every BGP session is established"),
        bad=N_("BGP sessions that are not established: {items}"),
        observed=states,
        expected=names,
    )


def _name(neighbor: Any) -> str:
    """`NAME`, or `{name: NAME, address: …}`."""
    return str(neighbor.get("name", "?") if isinstance(neighbor, Mapping) else neighbor)


def _bfd(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["bfd"]
    wrong, observed = [], {}
    for link in _speaking(target, "bfd"):
        far = link.peer_address.split("/")[0]
        found = [
            item
            for item in (fact.items if fact else ())
            if (far and item.neighbor == far) or (item.interface and _on_link(item.interface, link))
        ]
        observed[link.name] = [f"{item.neighbor} {item.state}" for item in found]
        if not any(item.state == "up" for item in found):
            wrong.append(f"{link.name} -> {link.peer}")
    return verdict(
        wrong,
        good=N_("every BFD session is up"),
        bad=N_("BFD sessions that are not up: {items}"),
        observed=observed,
        expected={link.name: "up" for link in _speaking(target, "bfd")},
    )


_BELOW = ("interfaces.links_up", "interfaces.addresses", "interfaces.mtu", "optics.receive_power")

CHECKS = (
    Check(
        id="isis.adjacencies",
        title=N_("Every IS-IS adjacency of the design is up"),
        pack="health",
        severity=Severity.HIGH,
        topics=("isis",),
        judge=_isis,
        applies=_runs_isis,
        rationale=N_("A missing adjacency is a path that traffic can't take when it is needed."),
        remediation=N_(
            "Look at the link, then at area, level, authentication and MTU of both ends."
        ),
        follows=(*_BELOW, "bfd.sessions"),
    ),
    Check(
        id="ospf.neighbors",
        title=N_("Every OSPF neighbour of the design is full"),
        pack="health",
        severity=Severity.HIGH,
        topics=("ospf",),
        judge=_ospf,
        applies=_runs_ospf,
        rationale=N_("A missing neighbour is a path that traffic can't take when it is needed."),
        remediation=N_(
            "Look at the link, then at area, timers, authentication and MTU of both ends."
        ),
        follows=(*_BELOW, "bfd.sessions"),
    ),
    Check(
        id="bgp.peers",
        title=N_("Every BGP session of the design is established"),
        pack="health",
        severity=Severity.HIGH,
        topics=("bgp",),
        judge=_bgp,
        applies=_runs_bgp,
        rationale=N_(
            "Without its session a site is not reachable from outside, or only over one path."
        ),
        remediation=N_(
            "Look at the path to the neighbour's address, then at AS numbers and policies."
        ),
        follows=(*_BELOW, "bfd.sessions", "isis.adjacencies", "ospf.neighbors"),
    ),
    Check(
        id="bfd.sessions",
        title=N_("Every BFD session of the design is up"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("bfd",),
        judge=_bfd,
        applies=_runs_bfd,
        rationale=N_("Without BFD a broken path is noticed after tens of seconds, not one."),
        remediation=N_("Look at the link and at BFD on both ends."),
        follows=(*_BELOW, "isis.adjacencies", "ospf.neighbors", "bgp.peers"),
    ),
)
