"""Where software comes from: signed, and from within."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, needs, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _signed(_target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["repositories"]
    wrong = [f"{item.file}: {item.host or '-'}" for item in fact.items if not item.signed]
    if fact.unsigned_allowed:
        wrong.append("apt: unsigned allowed")
    return verdict(
        wrong,
        good=N_("every source's signatures are checked"),
        bad=N_("sources whose signatures are not checked: {items}"),
        expected=[],
    )


def _internal(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    allowed = parameters["hosts"]
    if not allowed:
        return cannot_tell(N_("the site names no sources of its own"))
    hosts = sorted({item.host for item in facts["repositories"].items if item.host})
    wrong = [host for host in hosts if not any(fnmatch.fnmatch(host, each) for each in allowed)]
    return verdict(
        wrong,
        good=N_("software comes from our own sources only"),
        bad=N_("sources that are not ours: {items}"),
        observed=hosts,
        expected=list(allowed),
    )


CHECKS = (
    Check(
        id="repositories.signed",
        title=N_("Signatures of every software source are checked"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("repositories",),
        judge=needs("repositories", _signed),
        applies=on_linux,
        rationale=N_("An unsigned package is whatever stood in between."),
        remediation=N_("Remove trusted=yes and gpgcheck=0; install the source's key."),
    ),
    Check(
        id="repositories.internal",
        title=N_("Software comes from our own sources"),
        pack="audit",
        severity=Severity.MEDIUM,
        topics=("repositories",),
        judge=needs("repositories", _internal),
        applies=on_linux,
        parameters={"hosts": ()},
        rationale=N_("What was tried and approved is what stands on our own mirror."),
        remediation=N_("Point the source at the mirror, or name it under `hosts`."),
    ),
)
