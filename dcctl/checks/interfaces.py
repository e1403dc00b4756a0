"""Interfaces: links up, addresses and MTU as designed, no errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import HOSTED, cannot_tell, few_errors, needs, verdict
from dcctl.contracts import Check, Judgement
from dcctl.facts.interfaces import same_interface
from dcctl.model.status import Severity
from dcctl.model.target import Interface, Target
from dcctl.text import N_


def _has_links(target: Target) -> str:
    return "" if _links(target) else N_("the estate knows of no link of it")


def _has_addresses(target: Target) -> str:
    named = any(interface.address for interface in target.interfaces)
    return "" if named else N_("the estate gives none of its interfaces an address")


def _has_mtu(target: Target) -> str:
    named = any(interface.mtu for interface in target.interfaces)
    return "" if named else N_("the estate gives none of its interfaces an MTU")


def _links(target: Target) -> tuple[Interface, ...]:
    return tuple(
        interface for interface in target.interfaces if interface.link and interface.enabled
    )


def _found(facts: Mapping[str, Any], name: str) -> Any | None:
    fact = facts["interfaces"]
    return (
        next((item for item in fact.items if same_interface(item.name, name)), None)
        if fact
        else None
    )


def _links_up(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    wrong, observed = [], {}
    for link in _links(target):
        found = _found(facts, link.name)
        state = (
            "absent"
            if found is None
            else "shut"
            if not found.admin_up
            else "up"
            if found.oper_up
            else "down"
        )
        observed[link.name] = state
        if state != "up":
            to = f" -> {link.peer}" if link.peer else ""
            wrong.append(f"{link.name}{to} ({state})")
    return verdict(
        wrong,
        good=N_("all links are up"),
        bad=N_("links that are not up: {items}"),
        observed=observed,
        expected=dict.fromkeys(observed, "up"),
    )


def _errors(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["interfaces"]
    counted = {
        item.name: max(item.in_errors or 0, item.out_errors or 0, item.crc_errors or 0)
        for item in (fact.items if fact else ())
        if item.admin_up
    }
    if not any(_counts(item) for item in (fact.items if fact else ())):
        return cannot_tell(N_("it counts no errors"))
    return few_errors(counted, parameters["maximum"])


def _counting(target: Target) -> str:
    hosted = target.platform in HOSTED
    return N_("its command line counts no errors, see error_counters.few") if hosted else ""


def _counts(item: Any) -> bool:
    return any(count is not None for count in (item.in_errors, item.out_errors, item.crc_errors))


def _addresses(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["interfaces"]
    wrong, observed = [], {}
    wanted = {item.name: item.address for item in target.interfaces if item.address}
    for name, address in wanted.items():
        found = [
            held
            for item in (fact.items if fact else ())
            if same_interface(item.name, name) or same_interface(item.name.rpartition(".")[0], name)
            for held in item.addresses
        ]
        observed[name] = found
        if address not in found:
            wrong.append(f"{name} {address}")
    return verdict(
        wrong,
        good=N_("every interface has its address"),
        bad=N_("addresses that are missing: {items}"),
        observed=observed,
        expected=wanted,
    )


def _mtu(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    wrong, observed = [], {}
    wanted = {item.name: item.mtu for item in target.interfaces if item.mtu and item.enabled}
    for name, mtu in wanted.items():
        found = _found(facts, name)
        observed[name] = found.mtu if found else None
        if observed[name] != mtu:
            wrong.append(f"{name} ({observed[name]} / {mtu})")
    return verdict(
        wrong,
        good=N_("every interface has its MTU"),
        bad=N_("interfaces with another MTU (found / expected): {items}"),
        observed=observed,
        expected=wanted,
    )


CHECKS = (
    Check(
        id="interfaces.links_up",
        title=N_("Every link of the design is up"),
        pack="health",
        severity=Severity.HIGH,
        topics=("interfaces",),
        judge=_links_up,
        applies=_has_links,
        rationale=N_("A link that is down takes its redundancy with it, mostly unnoticed."),
        remediation=N_("Look at both ends: shut, cable, optics, far equipment."),
        follows=("optics.receive_power",),
    ),
    Check(
        id="interfaces.errors",
        title=N_("Interfaces count no errors"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("interfaces",),
        judge=needs("interfaces", _errors),
        applies=_counting,
        parameters={"maximum": 100},
        rationale=N_(
            "Errors on an interface are lost packets, and a cable or optic on its way out."
        ),
        remediation=N_("Clean or replace cable and optics; clear the counters and look again."),
    ),
    Check(
        id="interfaces.addresses",
        title=N_("Interfaces have the addresses of the design"),
        pack="health",
        severity=Severity.HIGH,
        topics=("interfaces",),
        judge=_addresses,
        applies=_has_addresses,
        rationale=N_("A wrong address breaks routing here or, worse, elsewhere."),
        remediation=N_("Build the configuration again from the inventory."),
    ),
    Check(
        id="interfaces.mtu",
        title=N_("Interfaces have the MTU of the design"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("interfaces",),
        judge=_mtu,
        applies=_has_mtu,
        rationale=N_(
            "Two ends that disagree on the MTU lose large packets only, which is hard to find."
        ),
        remediation=N_("Set the MTU of the design on both ends of the link."),
    ),
)
