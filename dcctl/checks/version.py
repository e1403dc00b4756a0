"""Reachability, and what runs on a device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import cannot_tell, failed, on_network, passed, setting
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _reachable(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    version = facts["version"]
    if version is None:
        return failed(N_("it answers, but says nothing of itself"))
    return passed(
        N_("answers as {os} {release}"), observed=version, os=version.os, release=version.release
    )


def _expects_release(target: Target) -> str:
    if setting(target, "release") or setting(target, "minimum_release"):
        return ""
    return N_("the estate expects no particular release of it")


def _release(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    version = facts["version"]
    release = version.release if version else ""
    pinned = setting(target, "release")
    if pinned:
        release = version.running if version else ""
        wanted, fits = str(pinned), release == str(pinned)
    else:
        wanted = str(setting(target, "minimum_release"))
        fits = bool(release) and _order(release) >= _order(wanted)
        wanted = f">= {wanted}"
    judge = passed if fits else failed
    return judge(
        N_("runs {release}, expected {wanted}"),
        observed=release,
        expected=wanted,
        release=release or "?",
        wanted=wanted,
    )


def _order(release: str) -> tuple[tuple[int, int, str], ...]:
    """Releases in order: numbers as numbers, letters as letters (`17.9.4a` after `17.9.4`)."""
    parts = re.findall(r"\d+|[A-Za-z]+", release)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in parts)


def _hostname(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    version = facts["version"]
    found = version.hostname.split(".")[0] if version else ""
    if version and not found:
        return cannot_tell(N_("it does not say what it calls itself"))
    judge = passed if found.lower() == target.name.lower() else failed
    return judge(
        N_("calls itself {found}, the estate calls it {name}"),
        observed=found,
        expected=target.name,
        found=found or "?",
        name=target.name,
    )


CHECKS = (
    Check(
        id="version.reachable",
        title=N_("It can be reached and says what it is"),
        pack="health",
        severity=Severity.CRITICAL,
        topics=("version",),
        judge=_reachable,
        rationale=N_("Nothing else can be known of equipment that does not answer."),
        remediation=N_("Look at its power, its management port, its address and our credentials."),
    ),
    Check(
        id="version.release",
        title=N_("It runs the approved release"),
        pack="health",
        severity=Severity.HIGH,
        topics=("version",),
        judge=_release,
        applies=_expects_release,
        rationale=N_(
            "Releases that nobody approved were not tested together, and may be unsupported."
        ),
        remediation=N_("Plan an upgrade to the approved release, or approve the one that runs."),
    ),
    Check(
        id="version.hostname",
        title=N_("Its name is the one the estate gives it"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("version",),
        judge=_hostname,
        applies=on_network,
        rationale=N_(
            "A wrong name means a wrong configuration, or that we are talking to other equipment."
        ),
        remediation=N_(
            "Compare serial numbers; then correct the name, or the address in the inventory."
        ),
    ),
)
