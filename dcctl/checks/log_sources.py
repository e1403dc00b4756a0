"""A log collector hears every asset of the inventory, by its own files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, needs, not_applicable, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_HOUR = 3600


def _heard(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact, assets = facts["log_sources"], parameters["assets"]
    if not assets:
        return not_applicable(N_("the estate does not have it collect logs"))
    limit = parameters["maximum_hours"] * _HOUR
    heard = {source.address for source in fact.items if source.age_s <= limit}
    silent = sorted(name for name, addresses in assets.items() if not heard & {*addresses})
    if silent and fact.unread:
        return cannot_tell(
            N_("more senders than are looked at; left out: {count}"), count=fact.unread
        )
    return verdict(
        silent,
        good=N_("every asset was heard"),
        bad=N_("assets whose log does not arrive: {items}"),
        observed=silent or len(assets),
        expected=f"<= {parameters['maximum_hours']} h",
    )


CHECKS = (
    Check(
        id="log_sources.complete",
        title=N_("It receives the log of every asset"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("log_sources",),
        judge=needs("log_sources", _heard),
        applies=on_linux,
        # Addresses by name; a collection fills them in for the collectors of the design.
        parameters={"maximum_hours": 24, "assets": {}},
        rationale=N_("What sends no log can be broken into, and nobody ever knows."),
        remediation=N_("Have the silent assets forward; look at the path and certificates."),
    ),
)
