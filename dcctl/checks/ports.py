"""Ports: those that nobody uses are shut, and more than one fibre leads away."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import needs, on_appliance, verdict
from dcctl.contracts import Check, Judgement
from dcctl.facts.interfaces import same_interface
from dcctl.model.status import Severity
from dcctl.model.target import Interface, Target
from dcctl.text import N_

_FAR = ("fibre", "dwdm")


def _has_ports(target: Target) -> str:
    if on_appliance(target):
        return on_appliance(target)
    return "" if target.interfaces else N_("the estate knows of no interface of it")


def _unused(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    used = [item.name for item in target.interfaces if item.enabled]
    wrong = [
        item.name
        for item in facts["interfaces"].items
        if item.admin_up
        and not item.oper_up
        and not any(same_interface(item.name, name) for name in used)
        and not any(fnmatch.fnmatch(item.name.lower(), pattern) for pattern in parameters["ignore"])
    ]
    return verdict(
        wrong,
        good=N_("ports that the design does not use are shut"),
        bad=N_("ports that nobody uses and nobody shut: {items}"),
        expected=[],
    )


def _far(target: Target) -> tuple[Interface, ...]:
    return tuple(
        item for item in target.interfaces if item.link and item.enabled and item.medium in _FAR
    )


def _leads_away(target: Target) -> str:
    if on_appliance(target):
        return on_appliance(target)
    return "" if _far(target) else N_("no fibre of the design ends on it")


def _uplinks(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    up = [
        link.name
        for link in _far(target)
        if any(
            item.admin_up and item.oper_up and same_interface(item.name, link.name)
            for item in facts["interfaces"].items
        )
    ]
    few = len(up) < parameters["minimum"]
    return verdict(
        [f"{len(up)} / {parameters['minimum']}"] if few else [],
        good=N_("several fibres lead away from it"),
        bad=N_("too few fibres lead away from it (up / needed): {items}"),
        observed=up,
        expected=[link.name for link in _far(target)],
    )


CHECKS = (
    Check(
        id="interfaces.unused_shut",
        title=N_("Ports that the design does not use are shut"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("interfaces",),
        judge=needs("interfaces", _unused),
        applies=_has_ports,
        # Ports of management, and what is no port at all.
        parameters={"ignore": ("mgmt*", "management*", "fxp*", "em0*", "null*", "nve*")},
        rationale=N_("An open port in a rack is an invitation."),
        remediation=N_("Shut the port, or add what it is for to the estate."),
    ),
    Check(
        id="interfaces.uplinks",
        title=N_("More than one fibre leads away"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("interfaces",),
        judge=needs("interfaces", _uplinks),
        applies=_leads_away,
        parameters={"minimum": 2},
        rationale=N_("One digger must not cut a province off."),
        remediation=N_("Look at the fibre that is down; a site with one fibre needs a second."),
        follows=("interfaces.links_up",),
    ),
)
