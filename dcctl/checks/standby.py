"""Whether what stands by could take over, and whether a restart brings back what runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    cannot_tell,
    failed,
    needs,
    not_applicable,
    on_appliance,
    passed,
    setting,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_RELEASE = re.compile(r"V\d+R\d+C\d+|\d+(?:[.\-(]\d+\w*\)?)+(?:[.\-]?[A-Za-z]+\d*)?")


def _ready(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["redundancy"]
    present = [item for item in fact.items if item.role != "empty"]
    wanted = int(setting(target, "supervisors", 1))
    if len(present) < wanted:
        return failed(
            N_("{count} supervisors are there, the estate has {wanted}"),
            observed=len(present),
            expected=wanted,
            count=len(present),
            wanted=wanted,
        )
    if len(present) == 1:
        return not_applicable(N_("it has one supervisor"))
    if fact.ready is None:
        return cannot_tell(N_("it does not say whether its standby is ready"))
    states = {item.name: f"{item.role} {item.state}".strip() for item in present}
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
    same = _same(fact.running, fact.next_boot)
    if fact.committed is None and not same:
        if same is None:
            return cannot_tell(N_("it does not say what it boots next"))
        return failed(
            N_("it runs {running}, but boots {next_boot}"),
            running=fact.running,
            next_boot=fact.next_boot,
            observed=fact.next_boot,
            expected=fact.running,
        )
    return passed(N_("a restart brings back what runs"), observed=fact.running)


def _same(running: str, boots: str) -> bool | None:
    """Whether an image or release is the one that runs; None where its name tells no release."""
    if not boots or running == boots:
        return True if boots else None
    wanted, named = _plain(running), _plain(re.split(r"[/\\]", boots.rstrip("/\\"))[-1])
    if re.search(rf"(?<![0-9a-z]){re.escape(wanted)}(?![0-9a-z])", named):
        return True
    return False if _RELEASE.search(boots) else None


def _plain(name: str) -> str:
    """Releases and file names alike: `9.3(8)` and `nxos.9.3.8.bin` both hold `9.3.8`."""
    return re.sub(r"[^0-9a-z]+", ".", name.lower()).strip(".")


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
