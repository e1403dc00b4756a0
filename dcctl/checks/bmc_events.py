"""A management controller sends its events to the site's log collectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import addresses, cannot_tell, failed, passed, peers, variable
from dcctl.contracts import Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _forwarded(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["bmc_events"]
    given = variable(target, "logging_collectors") or variable(target, "log_collectors") or ()
    wanted = addresses(given) or peers(target, "log_collectors")
    if not wanted:
        return cannot_tell(N_("the inventory names no log collectors"))
    live = [one.host for one in fact.items if one.enabled is not False]
    reached = fact.enabled is not False and any(host in wanted for host in live)
    if reached and fact.enabled is None:
        return cannot_tell(N_("it does not say whether it sends events"))
    judge = passed if reached else failed
    return judge(
        N_("its events go to: {items}"),
        items=", ".join(live) or "-",
        observed=fact,
        expected=list(wanted),
    )


CHECKS = (
    check(
        "bmc_events.forwarded",
        N_("The management controller's events go to a log collector"),
        _forwarded,
        N_("Who takes a controller over clears its own log first."),
        N_("Subscribe a log collector of the design to its events (Redfish EventService)."),
        Severity.MEDIUM,
    ),
)
