"""Backups: the newest snapshot, and the newest restore that proved one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupJob:
    """One backup job and its repository. Ages are in seconds; None: never.

    `encrypted` is what lies in the repository; None: nobody could tell.
    `restore_passed` speaks of the last restore test: files were restored and compared.
    """

    name: str
    repository: str
    reachable: bool | None = None
    encrypted: bool | None = None
    snapshot_age_s: int | None = None
    backup_passed: bool | None = None
    restore_age_s: int | None = None
    restore_passed: bool | None = None
    restore_files: int | None = None
    restore_duration_s: float | None = None
    timer_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """All jobs."""

    jobs: tuple[BackupJob, ...]


FACT = Backup
