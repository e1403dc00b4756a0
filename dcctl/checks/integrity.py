"""File integrity: compared with what it was, and not long ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import failed, needs, on_linux, passed
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_DAY = 86400


def _monitoring(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["integrity"]
    if not fact.tool:
        return failed(N_("nothing watches over its files"), observed="")
    if not fact.database:
        return failed(N_("{tool} has nothing to compare with"), tool=fact.tool, observed=False)
    if fact.checked_age_s is None:
        return failed(N_("{tool} never compared"), tool=fact.tool, observed=None)
    if not fact.scheduled:
        return failed(N_("nobody starts {tool} regularly"), tool=fact.tool, observed=False)
    days = fact.checked_age_s // _DAY
    judge = passed if fact.checked_age_s <= parameters["maximum_days"] * _DAY else failed
    return judge(
        N_("{tool} compared {days} days ago"),
        observed=days,
        expected=f"<= {parameters['maximum_days']}",
        tool=fact.tool,
        days=days,
    )


CHECKS = (
    Check(
        id="integrity.monitoring",
        title=N_("Changes of files are watched for"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("integrity",),
        judge=needs("integrity", _monitoring),
        applies=on_linux,
        parameters={"maximum_days": 7},
        rationale=N_("An intruder who stays changes files that nobody reads."),
        remediation=N_("Install AIDE, make its database, enable its timer."),
    ),
)
