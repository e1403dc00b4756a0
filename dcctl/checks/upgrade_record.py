"""Before and after an upgrade: what the gates said in its own record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    cannot_tell,
    failed,
    listed,
    not_applicable,
    on_network,
    partial,
    passed,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_WAIVED = "waived"


def _gates(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["upgrade_record"]
    if fact is None:
        return not_applicable(N_("the journal knows of no upgrade of it"))
    worse = [f"{one.gate} {one.subject}".strip() for one in fact.others if one.status != _WAIVED]
    told = {"run": fact.run, "release": fact.release}
    if fact.status == "failed":
        return partial(
            N_("the upgrade to {release} was taken back ({run}); what stopped it: {items}"),
            items=listed(worse) or "-",
            observed=worse,
            **told,
        )
    if fact.status != "changed":
        return failed(
            N_("how the upgrade to {release} ended is not proven ({run}): {items}"),
            items=listed(worse) or "-",
            observed=worse,
            **told,
        )
    if worse:
        return failed(
            N_("not as before the upgrade to {release} ({run}): {items}"),
            items=listed(worse),
            observed=worse,
            **told,
        )
    if not fact.passed and not fact.others:
        return cannot_tell(N_("no gate looked at the upgrade to {release} ({run})"), **told)
    return passed(
        N_("as before the upgrade to {release} ({run}): {passed}, waived {waived}"),
        passed=fact.passed,
        waived=len(fact.others),
        **told,
    )


CHECKS = (
    Check(
        id="upgrade_record.gates",
        title=N_("After its upgrade it is as it was before"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("upgrade_record",),
        judge=_gates,
        applies=on_network,
        rationale=N_("An upgrade that cost a path or light is found by who looks on both sides."),
        remediation=N_("Look at what the gates say in the run's report; mend it, or go back."),
    ),
)
