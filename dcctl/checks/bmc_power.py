"""A server outlives the loss of a power supply, or of a feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._controllers import check
from dcctl.checks._judging import cannot_tell, failed, verdict
from dcctl.contracts import Judgement
from dcctl.model.target import Target
from dcctl.text import N_


def _redundant(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["bmc_power"]
    wrong = [
        f"{one.name} ({one.state or '-'}, {one.health or '-'})"
        for one in fact.supplies
        if (one.state and one.state != "Enabled")
        or (one.health and one.health != "OK")
        or one.fed is False
    ]
    wrong += [f"redundancy: {health}" for health in fact.redundancy if health not in ("", "OK")]
    if not wrong and len(fact.supplies) < parameters["minimum"]:
        return failed(
            N_("it has {count} power supplies"),
            count=len(fact.supplies),
            observed=fact,
            expected=f">= {parameters['minimum']}",
        )
    silent = any(not one.state or not one.health or one.fed is None for one in fact.supplies)
    if silent and not wrong:
        return cannot_tell(N_("it does not say of every power supply whether it works and is fed"))
    return verdict(
        wrong,
        good=N_("all its power supplies work and are fed"),
        bad=N_("power supplies that do not work, or are not fed: {items}"),
        observed=fact,
        expected=f">= {parameters['minimum']}",
    )


CHECKS = (
    check(
        "bmc_power.redundant",
        N_("Two power supplies work, and both are fed"),
        _redundant,
        N_("A dead supply is seen when the other feed fails, too late."),
        N_("Replace the supply, or plug it into the feed that the power plan says."),
        minimum=2,
    ),
)
