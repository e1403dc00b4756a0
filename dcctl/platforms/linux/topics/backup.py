"""Backup jobs, their last snapshot and the last restore that proved one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from dcctl.facts.backup import Backup, BackupJob


def parse(data: Any) -> Backup | None:
    """None where no job is set up."""
    enabled = data["timer"].strip() == "enabled"
    jobs = tuple(_job(item, data["now"], enabled=enabled) for item in data["jobs"])
    return Backup(jobs=jobs) if jobs else None


def _job(item: Any, now: float, *, enabled: bool) -> BackupJob:
    backup, restore, look = item["backup"], item["restore"], item["look"]
    # A record of another repository proves nothing of this one.
    same = backup.get("repository") == item["repository"]
    taken = _moment(look.get("snapshot", "")) if look.get("reachable") else None
    if taken is None and not look.get("reachable") and same and backup.get("passed"):
        taken = float(backup["at"])
    return BackupJob(
        name=item["name"],
        repository=item["repository"],
        reachable=bool(look.get("reachable")),
        # restic knows no repository in clear: one that opened to its password is sealed with it.
        encrypted=True if look.get("reachable") else None,
        snapshot_age_s=None if taken is None else max(0, int(now - taken)),
        backup_passed=bool(backup["passed"]) if same and "passed" in backup else None,
        restore_age_s=max(0, int(now - restore["at"])) if same and "at" in restore else None,
        restore_passed=bool(restore["passed"]) if same and "passed" in restore else None,
        restore_files=restore.get("files") if same else None,
        restore_duration_s=restore.get("duration_s") if same else None,
        timer_enabled=enabled,
    )


def _moment(text: str) -> float | None:
    """Seconds of `2026-11-22T01:00:03.123456789+07:00`: restic writes nine digits."""
    shortened = re.sub(r"\.\d+", "", text)
    return datetime.fromisoformat(shortened).timestamp() if shortened else None


PARSE = parse
