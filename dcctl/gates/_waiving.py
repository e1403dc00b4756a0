"""Waivers: known differences that need not stop an upgrade, by name, with a reason and an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from dcctl import clock
from dcctl.model.outcome import GateFinding
from dcctl.model.status import GateStatus
from dcctl.model.upgrade import Waiver
from dcctl.text import N_, Text


def waive(
    findings: Iterable[GateFinding], waivers: Iterable[Waiver], today: date | None
) -> tuple[GateFinding, ...]:
    """The findings; what a waiver that is still good covers is waived, and bears its name."""
    day = today or clock.now().date()
    good = [one for one in waivers if not _expired(one, day)]
    return tuple(_waived(finding, good) for finding in findings)


def _waived(finding: GateFinding, waivers: Iterable[Waiver]) -> GateFinding:
    if not finding.stops:
        return finding
    waiver = next((one for one in waivers if _covers(one, finding)), None)
    if waiver is None:
        return finding
    return replace(
        finding,
        status=GateStatus.WAIVED,
        waiver=waiver.name,
        waived_by=waiver.by,
        waived_for=waiver.reason,
        settle_s=0,
    )


def _covers(waiver: Waiver, finding: GateFinding) -> bool:
    return (
        (finding.status is GateStatus.FAIL or waiver.unknown)
        and waiver.gate == finding.gate
        and fnmatchcase(finding.subject, waiver.subject)
        and fnmatchcase(finding.target, waiver.targets)
    )


def _expired(waiver: Waiver, day: date) -> bool:
    return date.fromisoformat(waiver.until) < day


def notes(
    waivers: Iterable[Waiver], findings: Iterable[GateFinding], today: date | None
) -> tuple[Text, ...]:
    """See `dcctl.gates.waiver_notes`."""
    day = today or clock.now().date()
    used = {finding.waiver for finding in findings}
    told = []
    for waiver in waivers:
        params = {"waiver": waiver.name, "until": waiver.until, "by": waiver.by}
        if _expired(waiver, day):
            told.append(Text(N_("waiver {waiver} by {by} expired after {until}"), params))
        elif waiver.name not in used:
            told.append(Text(N_("waiver {waiver} by {by} covered nothing"), params))
    return tuple(told)
