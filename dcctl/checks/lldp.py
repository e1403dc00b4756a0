"""Cabling: what LLDP hears is what the design connects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    LINUX,
    cannot_tell,
    listed,
    needs,
    on_system,
    setting,
    variable,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.facts.interfaces import same_interface
from dcctl.model.status import Severity
from dcctl.model.target import Interface, Target
from dcctl.text import N_


def _cabled(target: Target) -> tuple[Interface, ...]:
    return tuple(
        item
        for item in target.interfaces
        if item.link and item.enabled and "lldp" in item.protocols
    )


def _applies(target: Target) -> str:
    if not _cabled(target):
        return N_("no link of it runs LLDP")
    if target.platform == LINUX and not _hears(target):
        return N_("the estate puts no LLDP daemon on it; its switch hears the cable")
    return on_system(target)


def _hears(target: Target) -> bool:
    """Whether the design has a server run lldpd."""
    units, packages = setting(target, "services.units", ()), variable(target, "base_packages", ())
    return any(str(name).startswith("lldpd") for name in (*units, *packages))


def _judge(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["lldp"]
    heard = fact.items if fact else ()
    wrong, cut, observed = [], [], {}
    for link in _cabled(target):
        found = [item for item in heard if same_interface(item.interface, link.name)]
        observed[link.name] = [f"{item.system} {item.port}" for item in found]
        if any(_fits(item, link) for item in found):
            continue
        if any(_may_fit(item, link) for item in found):
            cut.append(f"{link.name}: {', '.join(observed[link.name])}")
            continue
        what = ", ".join(observed[link.name]) or "-"
        wrong.append(f"{link.name}: {what} / {link.peer} {link.peer_interface}")
    if cut and not wrong:
        return cannot_tell(N_("the device cuts the names of far ports: {items}"), items=listed(cut))
    return verdict(
        wrong,
        good=N_("every cable ends where the design says"),
        bad=N_("cables that end elsewhere (heard / designed): {items}"),
        observed=observed,
        expected={link.name: f"{link.peer} {link.peer_interface}" for link in _cabled(target)},
    )


def _fits(neighbor: Any, link: Interface) -> bool:
    if neighbor.system.split(".")[0].lower() != link.peer.lower():
        return False
    if not link.peer_interface:
        return True
    ports = (neighbor.port, neighbor.port_description)  # some send a MAC as the port
    return any(port and same_interface(port, link.peer_interface) for port in ports)


def _may_fit(neighbor: Any, link: Interface) -> bool:
    """Whether it is the designed neighbour, and what is left of its port's name fits."""
    if (
        not neighbor.port.endswith("*")
        or neighbor.system.split(".")[0].lower() != link.peer.lower()
    ):
        return False
    return link.peer_interface.lower().startswith(neighbor.port[:-1].lower())


def _links(target: Target) -> str:
    linked = any(item.link for item in target.interfaces)
    return on_system(target) if linked else N_("the estate knows of no link of it")


def _unknown(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    designed = [item.name for item in target.interfaces if item.link]
    strange = [
        f"{item.interface}: {item.system or '?'} {item.port}"
        for item in facts["lldp"].items
        if not any(same_interface(item.interface, name) for name in designed)
        and item.interface not in parameters["ignore"]
    ]
    return verdict(
        strange,
        good=N_("only what the design connects is heard"),
        bad=N_("heard where the design connects nothing: {items}"),
        observed=[f"{item.interface}: {item.system} {item.port}" for item in facts["lldp"].items],
        expected=designed,
    )


CHECKS = (
    Check(
        id="lldp.unknown",
        title=N_("Nothing is connected that the design does not know"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("lldp",),
        judge=needs("lldp", _unknown),
        applies=_links,
        parameters={"ignore": ()},
        rationale=N_("A device that nobody knows is a way in, or a path that nobody drew."),
        remediation=N_("Find the cable's end; add it to topology.yml, or take it out."),
    ),
    Check(
        id="lldp.cabling",
        title=N_("Cables end where the design says"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("lldp",),
        judge=_judge,
        applies=_applies,
        rationale=N_(
            "Two exchanged cables work for years, until one path is taken down for service."
        ),
        remediation=N_("Follow the cable; then move it, or correct topology.yml."),
        follows=("interfaces.links_up", "optics.receive_power"),
    ),
)
