"""Ways out: a server reaches what it needs, not everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, needs, on_linux, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


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
)
