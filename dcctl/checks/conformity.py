"""Whether what runs is what was approved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, listed, needs, on_network, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _approved(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["conformity"]
    if not fact.compared:
        return cannot_tell(N_("there is no intended configuration to compare with"))
    besides = [re.compile(pattern) for pattern in parameters["besides"]]
    extra = [one for one in fact.extra if not any(p.fullmatch(one) for p in besides)]
    if not fact.lacking and not extra:
        return passed(N_("nothing lacks and nothing is extra"), observed=[])
    return failed(
        N_("lines that lack: {lacks} ({lacking}); that are extra: {extras} ({extra})"),
        lacks=len(fact.lacking),
        lacking=listed(fact.lacking) or "-",
        extras=len(extra),
        extra=listed(extra) or "-",
        observed={"lacking": list(fact.lacking), "extra": extra},
        expected={"lacking": [], "extra": []},
    )


CHECKS = (
    Check(
        id="conformity.approved",
        title=N_("Its configuration is the intended one"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("conformity",),
        parameters={"besides": []},
        judge=needs("conformity", _approved),
        applies=on_network,
        rationale=N_("What nobody approved is what nobody looks after, or somebody's way in."),
        remediation=N_("Look at the lines: apply the intended configuration, or change it."),
    ),
)
