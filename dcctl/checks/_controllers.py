"""What checks of management controllers share."""

from __future__ import annotations

from typing import Any

from dcctl.checks._judging import Judge, needs, on_linux, setting
from dcctl.contracts import Check
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def on_controlled(target: Target) -> str:
    """Why a check of a management controller does not apply, or nothing.

    A server whose inventory names none is asked all the same, and ends as not evaluated.
    """
    if on_linux(target):
        return on_linux(target)
    absent = setting(target, "bmc.absent")
    return N_("the estate says that it has no management controller") if absent else ""


def check(
    id_: str,
    title: str,
    judge: Judge,
    why: str,
    fix: str,
    severity: Severity = Severity.HIGH,
    **parameters: Any,
) -> Check:
    """A check over the one topic that its id begins with."""
    topic = id_.partition(".")[0]
    return Check(
        id=id_,
        title=title,
        pack="audit",
        severity=severity,
        topics=(topic,),
        judge=needs(topic, judge),
        applies=on_controlled,
        parameters=parameters,
        rationale=why,
        remediation=fix,
    )
