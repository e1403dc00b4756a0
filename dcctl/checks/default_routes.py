"""Ways out: a server reaches what it needs; management and dedicated VRFs never the Internet."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from dcctl.checks._judging import (
    cannot_tell,
    failed,
    needs,
    not_applicable,
    on_appliance,
    on_linux,
    passed,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

GLOBAL = "default"
MANAGEMENT = ("mgmt.*", "management", "oob.*")  # Mgmt-intf, mgmt_junos, management, MGMT ...


def _egress(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    routes, firewall = facts["default_routes"], facts["firewall"]
    ways = [f"{item.family} {item.via or item.interface}" for item in routes.items]
    if not ways:
        return passed(N_("it has no default route"), observed=[])
    if firewall is not None and firewall.default_deny_output:
        return passed(N_("what no rule lets out stays in"), observed=ways)
    return failed(
        N_("everything may leave by {ways}"), ways=", ".join(ways), observed=ways, expected=[]
    )


def _named(table: str, patterns: list[str]) -> bool:
    return any(re.fullmatch(pattern, table, re.IGNORECASE) for pattern in patterns)


def _known(via: str, gateways: list[str]) -> bool:
    """Whether a next hop is an address, or in a network, that the site named."""
    try:
        hop = ipaddress.ip_address(via)
    except ValueError:
        return False
    return any(hop in ipaddress.ip_network(one, strict=False) for one in gateways)


def _without_way_out(
    choose: Callable[[list[str], Mapping[str, Any]], list[str]], nothing: Judgement
) -> Callable[..., Judgement]:
    """A judge of the tables that `choose` takes: none has a default route but by known gateways."""

    def judge(
        _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> Judgement:
        routes = facts["default_routes"]
        if not routes.tables:
            return cannot_tell(N_("it does not say which routing tables it has"))
        chosen = choose(list(routes.tables), parameters)
        if not chosen:
            return nothing
        ways = [
            f"{item.table}: {item.via or item.interface or '?'}"
            for item in routes.items
            if item.table in chosen and not _known(item.via, parameters["gateways"])
        ]
        tables = ", ".join(chosen)
        if not ways:
            return passed(N_("no way to the Internet in {tables}"), tables=tables, observed=[])
        return failed(
            N_("a default route leads out: {ways}"),
            ways=", ".join(ways),
            observed=ways,
            expected=[],
        )

    return needs("default_routes", judge)


def _management(tables: list[str], parameters: Mapping[str, Any]) -> list[str]:
    """The management VRF; where there is none, management runs in the global table."""
    own = [table for table in tables if _named(table, parameters["vrfs"])]
    return own or [table for table in tables if table == GLOBAL]


def _dedicated(tables: list[str], parameters: Mapping[str, Any]) -> list[str]:
    """The VRFs that the site calls dedicated; all but those of management where it names none."""
    if parameters["vrfs"]:
        return [table for table in tables if _named(table, parameters["vrfs"])]
    return [table for table in tables if table != GLOBAL and not _named(table, list(MANAGEMENT))]


CHECKS = (
    Check(
        id="default_routes.egress",
        title=N_("A server has no open way to the Internet"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("default_routes", "firewall"),
        judge=needs("default_routes", _egress),
        applies=on_linux,
        rationale=N_("What was stolen leaves, and what steers it comes in, by the default route."),
        remediation=N_("Replace the default route by those needed, or deny output by default."),
    ),
    Check(
        id="default_routes.management",
        title=N_("The management VRF has no default route (IPv4)"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("default_routes",),
        parameters={"vrfs": list(MANAGEMENT), "gateways": []},
        judge=_without_way_out(
            _management, cannot_tell(N_("none of its tables is one of management"))
        ),
        applies=on_appliance,
        rationale=N_("Who gets into management from the Internet, or out of it, owns the network."),
        remediation=N_(
            "Route what management needs by its own prefixes; a gateway behind which there is no "
            "Internet is named in dcctl.yml."
        ),
    ),
    Check(
        id="default_routes.dedicated",
        title=N_("A dedicated VRF has no default route (IPv4)"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("default_routes",),
        parameters={"vrfs": [], "gateways": []},
        judge=_without_way_out(_dedicated, not_applicable(N_("it has no dedicated VRF"))),
        applies=on_appliance,
        rationale=N_("A dedicated network that reaches the Internet is none."),
        remediation=N_("Take the default route out of the VRF, or what it is imported by."),
    ),
)
