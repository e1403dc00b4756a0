"""Backups: recent, reachable, and proved by a restore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import (
    cannot_tell,
    has_role,
    listed,
    not_applicable,
    on_linux,
    setting,
    verdict,
)
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_HOUR, _DAY = 3600, 86400


def _backed_up(target: Target) -> str:
    if on_linux(target):
        return on_linux(target)
    wanted = has_role(target, "backup_client") or setting(target, "backup")
    return "" if wanted else N_("the estate does not have it backed up")


def _jobs(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    fact = facts["backup"]
    return tuple(fact.jobs) if fact else ()


def _age(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    limit = parameters["maximum_hours"] * _HOUR
    wrong = [] if _jobs(facts) else ["-"]
    for job in _jobs(facts):
        if job.snapshot_age_s is None or job.backup_passed is False:
            wrong.append(f"{job.name}: -")
        elif job.snapshot_age_s > limit:
            wrong.append(f"{job.name}: {job.snapshot_age_s // _HOUR} h")
    return verdict(
        wrong,
        good=N_("every backup is recent"),
        bad=N_("backups that failed or are overdue: {items}"),
        observed={job.name: job.snapshot_age_s for job in _jobs(facts)},
        expected=f"<= {parameters['maximum_hours']} h",
    )


def _restored(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    limit = parameters["maximum_days"] * _DAY
    wrong = [] if _jobs(facts) else ["-"]
    for job in _jobs(facts):
        if job.restore_passed is not True or job.restore_age_s is None:
            wrong.append(f"{job.name}: {'failed' if job.restore_passed is False else '-'}")
        elif job.restore_age_s > limit:
            wrong.append(f"{job.name}: {job.restore_age_s // _DAY} d")
    return verdict(
        wrong,
        good=N_("a restore proved every backup"),
        bad=N_("backups that no recent restore proved: {items}"),
        observed={job.name: job.restore_age_s for job in _jobs(facts)},
        expected=f"<= {parameters['maximum_days']} d",
    )


def _repository(
    _target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    wrong = [f"{job.name}: {job.repository}" for job in _jobs(facts) if job.reachable is not True]
    return verdict(
        wrong if _jobs(facts) else ["-"],
        good=N_("every repository answers"),
        bad=N_("repositories that do not answer: {items}"),
        expected=True,
    )


def _encrypted(
    target: Target, facts: Mapping[str, Any], _parameters: Mapping[str, Any]
) -> Judgement:
    kept = facts["backup_stores"]
    found = {job.repository: job.encrypted for job in _jobs(facts)}
    found |= {store.path: store.encrypted for store in (kept.items if kept else ())}
    wrong = sorted(name for name, sealed in found.items() if sealed is False)
    untold = sorted(name for name, sealed in found.items() if sealed is None)
    if kept and kept.unread:
        untold.append(f"(+{kept.unread})")
    if untold and not wrong:
        return cannot_tell(
            N_("whether these repositories are encrypted can't be told: {items}"),
            items=listed(untold),
        )
    if not found:
        if _backed_up(target):
            return not_applicable(N_("it neither has backups nor keeps any"))
        return cannot_tell(N_("no backup was found whose encryption could be judged"))
    return verdict(
        wrong,
        good=N_("every repository is encrypted"),
        bad=N_("repositories in clear: {items}"),
        observed=dict(sorted(found.items())),
        expected=True,
    )


CHECKS = (
    Check(
        id="backup.age",
        title=N_("Backups are recent"),
        pack="health",
        severity=Severity.HIGH,
        topics=("backup",),
        judge=_age,
        applies=_backed_up,
        parameters={"maximum_hours": 26},
        rationale=N_("What was written since the last backup is lost with the disk."),
        remediation=N_("Read the backup's log; start it by hand; look at its timer."),
        follows=("backup.repository", "services.none_failed"),
    ),
    Check(
        id="backup.restore_tested",
        title=N_("A restore proved the backups"),
        pack="health",
        severity=Severity.HIGH,
        topics=("backup",),
        judge=_restored,
        applies=_backed_up,
        parameters={"maximum_days": 180},
        rationale=N_("A backup that was never restored is a hope."),
        remediation=N_("Start the restore test; keep its record."),
        follows=("backup.age", "backup.repository"),
    ),
    Check(
        id="backup.repository",
        title=N_("The backup repository answers"),
        pack="health",
        severity=Severity.MEDIUM,
        topics=("backup",),
        judge=_repository,
        applies=_backed_up,
        rationale=N_("Tonight's backup will fail if the repository does not answer now."),
        remediation=N_("Look at the path to the repository and at its credentials."),
    ),
    Check(
        id="backup.encrypted",
        title=N_("Backups are encrypted"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("backup", "backup_stores"),
        judge=_encrypted,
        applies=on_linux,
        rationale=N_("Whoever gets hold of a backup's disk else reads all that was ever saved."),
        remediation=N_("Make an encrypted repository, back up into it, destroy the other one."),
        follows=("backup.repository",),
    ),
)
