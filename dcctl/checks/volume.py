"""Redundant volumes: as declared, whole, free of errors, scrubbed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import on_linux, setting, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_DAY = 86400


def _declared(target: Target) -> tuple[Mapping[str, Any], ...]:
    return tuple(setting(target, "volumes", ()))


def _has_volumes(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    return "" if _declared(target) else N_("the estate gives it no volume")


def _found(facts: Mapping[str, Any], mount: str) -> Any | None:
    fact = facts["volumes"]
    return next((item for item in (fact.items if fact else ()) if item.mount == mount), None)


def _health(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    wrong, observed = [], {}
    for volume in _declared(target):
        found = _found(facts, volume["mount"])
        observed[volume["mount"]] = found
        wrong += [f"{volume['mount']}: {what}" for what in _faults(volume, found, parameters)]
    return verdict(
        wrong,
        good=N_("every volume is whole"),
        bad=N_("volumes with faults: {items}"),
        observed=observed,
        expected=[dict(volume) for volume in _declared(target)],
    )


def _faults(volume: Mapping[str, Any], found: Any, parameters: Mapping[str, Any]) -> list[str]:
    if found is None:
        return ["not mounted"]
    faults = []
    profile = str(volume.get("profile", ""))
    if profile and found.profile != profile:
        faults.append(f"profile {found.profile} / {profile}")
    missing = [device.path or "?" for device in found.devices if device.missing]
    if missing or found.degraded:
        faults.append(f"degraded, {len(missing)} member(s) missing")
    wanted = len(volume.get("disks") or ())
    if len(found.devices) < wanted and not missing:
        faults.append(f"{len(found.devices)} / {wanted} members")
    if found.read_only:
        faults.append("read-only")
    faults += [
        f"{device.path} {device.errors} errors"
        for device in found.devices
        if device.errors > parameters["maximum_errors"]
    ]
    return faults


def _scrub(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    wrong, observed = [], {}
    for volume in _declared(target):
        mount = volume["mount"]
        found = _found(facts, mount)
        age = found.scrub_age_s if found else None
        observed[mount] = None if age is None else round(age / _DAY, 2)
        if age is None:
            wrong.append(f"{mount}: -")
        elif age > parameters["maximum_days"] * _DAY:
            wrong.append(f"{mount}: {age // _DAY} d")
        if found and (found.scrub_errors or found.scrub_status == "aborted"):
            wrong.append(f"{mount}: {found.scrub_status}, {found.scrub_errors or 0} errors")
    return verdict(
        wrong,
        good=N_("every volume was scrubbed in time, and without errors"),
        bad=N_("volumes whose scrub is overdue or found errors: {items}"),
        observed=observed,
        expected=f"<= {parameters['maximum_days']} d",
    )


def _timer(target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]) -> Judgement:
    mounts = [volume["mount"] for volume in _declared(target)]
    found = {mount: _found(facts, mount) for mount in mounts}
    wrong = [mount for mount, item in found.items() if not (item and item.scrub_timer_enabled)]
    return verdict(
        wrong,
        good=N_("every volume is scrubbed by a timer"),
        bad=N_("volumes that no timer scrubs: {items}"),
    )


def _redundant(
    target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    wrong, observed = [], {}
    for volume in _declared(target):
        found = _found(facts, volume["mount"])
        kinds = {"data": found.profile, "metadata": found.metadata_profile} if found else {}
        observed[volume["mount"]] = kinds
        wrong += [
            f"{volume['mount']}: {kind} {profile}"
            for kind, profile in kinds.items()
            if profile and profile not in parameters["profiles"]
        ]
        if not found:
            wrong.append(f"{volume['mount']}: -")
    return verdict(
        wrong,
        good=N_("every volume survives the loss of a disk"),
        bad=N_("volumes that do not survive the loss of a disk: {items}"),
        observed=observed,
        expected=list(parameters["profiles"]),
    )


CHECKS = (
    Check(
        id="volume.redundant",
        title=N_("Volumes survive the loss of a disk"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("volumes",),
        judge=_redundant,
        applies=_has_volumes,
        parameters={"profiles": ("raid1", "raid1c3", "raid1c4", "raid10")},
        rationale=N_("Disks die; what stood on one of them only is gone."),
        remediation=N_("Add disks and convert the volume to a mirrored profile."),
        follows=("volume.health",),
    ),
    Check(
        id="volume.health",
        title=N_("Volumes are whole and free of errors"),
        pack="health",
        severity=Severity.CRITICAL,
        topics=("volumes",),
        judge=_health,
        applies=_has_volumes,
        parameters={"maximum_errors": 0},
        rationale=N_("A mirror that lost a disk works as before, until the second one goes."),
        remediation=N_("Replace the disk, rebalance, scrub; then reset the error counters."),
        follows=("disks.writable", "volume.scrub_age"),
    ),
    Check(
        id="volume.scrub_age",
        title=N_("Volumes are scrubbed in time"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("volumes",),
        judge=_scrub,
        applies=_has_volumes,
        parameters={"maximum_days": 35},
        rationale=N_(
            "Only reading everything finds silent damage while the other copy is still good."
        ),
        remediation=N_("Start a scrub; look at its timer; replace a disk that makes errors."),
        follows=("volume.health",),
    ),
    Check(
        id="volume.scrub_timer",
        title=N_("A timer scrubs the volumes"),
        pack="health",
        severity=Severity.LOW,
        topics=("volumes",),
        judge=_timer,
        applies=_has_volumes,
        rationale=N_("What depends on somebody remembering is not done."),
        remediation=N_("Apply the role `storage_volume`."),
        follows=("volume.health",),
    ),
)
