"""Whether what stands by could take over, and whether a restart brings back what runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, needs, not_applicable, on_appliance, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _ready(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["redundancy"]
    if len(fact.items) == 1:
        return not_applicable(N_("it has one supervisor"))
    if fact.ready is None:
        return cannot_tell(N_("it does not say whether its standby is ready"))
    states = {item.name: f"{item.role} {item.state}".strip() for item in fact.items}
    if fact.ready:
        return passed(N_("the standby could take over"), observed=states)
    return failed(
        N_("the standby could not take over: {states}"),
        states=", ".join(f"{name}: {state}" for name, state in states.items()),
        observed=states,
        expected=True,
    )


def _committed(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["install"]
    if fact.committed is False or fact.abort_timer_s is not None:
        return failed(N_("its software would take itself back"), observed=fact, expected=True)
    if fact.pending:
        return failed(
            N_("software waits to be activated or committed: {pending}"),
            pending=", ".join(fact.pending),
            observed=list(fact.pending),
        )
    if fact.committed is None and fact.next_boot != fact.running:
        if not fact.next_boot:
            return cannot_tell(N_("it does not say what it boots next"))
        return failed(
            N_("it runs {running}, but boots {next_boot}"),
            running=fact.running,
            next_boot=fact.next_boot,
            observed=fact.next_boot,
            expected=fact.running,
        )
    return passed(N_("a restart brings back what runs"), observed=fact.running)


CHECKS = (
    Check(
        id="redundancy.ready",
        title=N_("The standby supervisor could take over"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("redundancy",),
        judge=needs("redundancy", _ready),
        applies=on_appliance,
        rationale=N_("A standby that is not ready is found out on the day it is needed."),
        remediation=N_("Look at the standby's state; synchronise, reseat or replace it."),
    ),
    Check(
        id="install.committed",
        title=N_("A restart brings back the software that runs"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("install",),
        judge=needs("install", _committed),
        applies=on_appliance,
        rationale=N_("An upgrade that was not committed is undone by the next power cut."),
        remediation=N_("Commit what runs, or take the pending software away."),
        follows=("version.release",),
    ),
)
