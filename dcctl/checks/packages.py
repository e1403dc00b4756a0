"""Installed software: what is required is there, security updates are in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, listed, on_linux, passed, setting, variable, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_DAY = 86400


def _names(target: Target) -> tuple[str, ...]:
    given = (
        *variable(target, "base_packages", ()),
        *setting(target, "services.packages", ()),
    )
    return tuple(str(name) for name in given)


def _required(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["packages"]
    installed = {package.name for package in fact.installed} if fact else set()
    wanted = sorted({*_names(target), *parameters["names"]})
    wrong = [name for name in wanted if name not in installed]
    return verdict(
        wrong,
        good=N_("every required package is installed"),
        bad=N_("packages that are missing: {items}"),
        observed=[name for name in wanted if name in installed],
        expected=wanted,
    )


def _security(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    fact = facts["packages"]
    if fact is None or fact.security_updates is None:
        return cannot_tell(N_("it does not know of its security updates"))
    age, limit = fact.lists_age_s, parameters["lists_maximum_days"]
    if age is None or age > limit * _DAY:
        days = "?" if age is None else age // _DAY
        return cannot_tell(
            N_("its package lists are {days} days old, over {limit}: they prove nothing"),
            days=days,
            limit=limit,
        )
    pending = fact.security_updates
    if len(pending) <= parameters["maximum"]:
        return passed(
            N_("{count} security updates wait, {maximum} may"),
            observed=list(pending),
            count=len(pending),
            maximum=parameters["maximum"],
        )
    return verdict(
        [listed(pending)],
        good="",
        bad=N_("security updates that wait: {items}"),
        observed=list(pending),
        expected=f"<= {parameters['maximum']}",
    )


CHECKS = (
    Check(
        id="packages.required",
        title=N_("Required packages are installed"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("packages",),
        judge=_required,
        applies=on_linux,
        parameters={
            "names": (
                "ca-certificates",
                "iproute2",
                "less",
                "locales",
                "lsof",
                "rsync",
                "sudo",
                "tzdata",
            )
        },
        rationale=N_("A tool that is missing is missed in the night it is needed."),
        remediation=N_("Apply the role `base`."),
    ),
    Check(
        id="packages.security_updates",
        title=N_("Security updates are installed"),
        pack="baseline",
        severity=Severity.HIGH,
        topics=("packages",),
        judge=_security,
        applies=on_linux,
        parameters={"maximum": 0, "lists_maximum_days": 30},
        rationale=N_("A published weakness is used within days of its correction."),
        remediation=N_("Install the updates from the estate's own mirror, ring by ring."),
    ),
)
