"""The monitoring agent gives fresh metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, has_role, on_linux, passed, setting
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _monitored(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    wanted = has_role(target, "monitoring_agent") or setting(target, "monitoring")
    return "" if wanted else N_("the estate does not have it monitored by an agent")


def _judge(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["monitoring"]
    if fact is None:
        return failed(N_("no monitoring agent is installed"))
    if not fact.active:
        return failed(N_("{agent} does not run"), agent=fact.agent, observed=fact)
    if not fact.metrics or fact.metrics_age_s is None:
        return failed(N_("{agent} runs, but gives no metrics"), agent=fact.agent, observed=fact)
    judge = passed if fact.metrics_age_s <= parameters["maximum_age_s"] else failed
    return judge(
        N_("{agent} gives {count} metrics, {age} s old"),
        agent=fact.agent,
        count=fact.metrics,
        age=round(fact.metrics_age_s),
        observed=fact,
        expected=f"<= {parameters['maximum_age_s']} s",
    )


CHECKS = (
    Check(
        id="monitoring.agent",
        title=N_("The monitoring agent gives fresh metrics"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("monitoring",),
        judge=_judge,
        applies=_monitored,
        parameters={"maximum_age_s": 120},
        rationale=N_("What is not watched fails unseen."),
        remediation=N_("Start the agent; apply the role `monitoring_agent`."),
        follows=("services.required", "services.none_failed"),
    ),
)
