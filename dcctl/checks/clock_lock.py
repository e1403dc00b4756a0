"""Whether an element's own clock follows its source: PTP, SyncE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import Judge, cannot_tell, failed, not_applicable, on_appliance, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _state(state: str) -> Judgement:
    if not state:
        return cannot_tell(N_("it does not say whether its clock follows its source"))
    if state == "locked":
        return passed(N_("its clock follows its source"), observed=state)
    return failed(
        N_("its clock follows no source: {state}"),
        observed=state,
        expected="locked",
        state=state,
    )


def _ptp(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    if facts["ptp"] is None:
        return not_applicable(N_("it takes its time from no PTP"))
    return _state(facts["ptp"].state)


def _synce(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    if facts["synce"] is None or not facts["synce"].items:
        return not_applicable(N_("it takes its frequency from no port"))
    state = facts["synce"].state
    if not state and not any(one.selected for one in facts["synce"].items):
        state = "internal"  # in holdover or free: either way by its own oscillator
    return _state(state)


def _check(topic: str, title: str, judge: Judge) -> Check:
    return Check(
        id=f"clock_lock.{topic}",
        title=title,
        pack="audit",
        severity=Severity.MEDIUM,
        topics=(topic,),
        judge=judge,
        applies=on_appliance,
        rationale=N_("Mobile sites behind an element that drifts lose their calls first."),
        remediation=N_("Look at the way to the grandmaster, and at the quality of the sources."),
    )


CHECKS = (
    _check("ptp", N_("Its PTP clock is locked"), _ptp),
    _check("synce", N_("Its frequency is locked"), _synce),
)
