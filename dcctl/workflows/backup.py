"""Backup: keep whole configurations sealed, tell their history, compare them, bring one back."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import platforms
from dcctl.errors import NotFound
from dcctl.executors import sealing
from dcctl.executors.evidence import redacted, steady
from dcctl.model.approval import APPROVED
from dcctl.planning.steps import backup_step, restore_step
from dcctl.text import N_
from dcctl.workflows.approvals import approve
from dcctl.workflows.execute import execute, options, select, simple_plan
from dcctl.workflows.plan import PlanRequest, plan_of
from dcctl.workflows.services import Services

if TYPE_CHECKING:
    from dcctl.contracts import Platform
    from dcctl.executors.sealing import Sealer
    from dcctl.model.backup import Backup
    from dcctl.model.plan import Plan, Step
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target

SETTLE_S = 120
_FEWEST = 6  # hexadecimal digits that name a backup


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRequest:
    """Which targets; those without a command line of their own are left out."""

    limit: str | None = None


def backup(request: BackupRequest, services: Services) -> RunRecord:
    """Keep the configuration of every selected network element.

    Raises:
        NotFound: there is nothing to keep, or no key.
    """
    targets = {
        name: target
        for name, target in select(services, request.limit).items()
        if target.managed and platforms.get(target.platform).config_command
    }
    if not targets:
        raise NotFound(
            N_("--limit {limit} selects nothing whose configuration could be kept"),
            limit=request.limit or "all",
        )
    steps = [backup_step(target, platforms.get(target.platform)) for target in targets.values()]
    made = simple_plan("backup", targets, steps, services)
    return execute(made, services, request={"verb": "backup", "limit": request.limit})


def history(target: str, services: Services, limit: int = 50) -> tuple[Backup, ...]:
    """What was kept of `target`, newest first."""
    services.estate.target(target)
    return services.journal.backups(target, limit)


def find(target: str, name: str, services: Services) -> Backup:
    """The backup of `target` that `name` stands for: `latest`, a run, or the seal's digest.

    Raises:
        NotFound: there is none.
    """
    kept = history(target, services, limit=1_000_000)
    for one in kept:
        mine = one.run.startswith(name) or one.run.endswith(f"-{name}")
        if name == "latest" or mine or (len(name) >= _FEWEST and one.sealed.startswith(name)):
            return one
    raise NotFound(
        N_("there is no backup {name} of {target}"),
        hint=N_("`dcctl backup history {target}` shows what there is"),
        name=name,
        target=target,
    )


def text_of(kept: Backup, services: Services, *, secrets: bool = False) -> str:
    """The configuration, its secrets replaced by marks that tell two apart unless asked for.

    Raises:
        NotFound, InvalidInput: no key, or another one.
    """
    seal = _sealer(services)
    text = seal.open(services.journal.blob(kept.sealed).decode("ascii"))
    return text if secrets else redacted(text, _platform(kept), seal.mark)


def diff(old: Backup, new: Backup, services: Services) -> tuple[str, ...]:
    """A unified diff, without the lines that change by themselves."""
    before, after = (steady(text_of(one, services), _platform(one)) for one in (old, new))
    names = [f"{one.target} {one.taken_at} {one.run}" for one in (old, new)]
    return tuple(difflib.unified_diff(before, after, names[0], names[1], lineterm=""))


def restore(
    kept: Backup, services: Services, *, witnesses: bool = True, settle_s: int = SETTLE_S
) -> RunRecord:
    """Make the target's configuration that of a backup: planned, approved, guarded, proven.

    `settle_s`: how long adjacencies and clocks may take to come up, in seconds.

    Raises:
        Refused: it was not approved.
    """
    services.require_may_change()
    made = restore_plan(kept, services, witnesses=witnesses, settle_s=settle_s)
    services.on_plan(made)
    approved = approve(made, services)
    request_of = {"verb": "restore", "backup": kept.sealed, APPROVED: approved}
    return execute(made, services, request=request_of)


def restore_plan(
    kept: Backup, services: Services, *, witnesses: bool = True, settle_s: int = SETTLE_S
) -> Plan:
    """The plan of bringing a backup back; it holds the seal, never what is sealed."""
    sealed = services.journal.blob(kept.sealed).decode("ascii")

    def changing(target: Target, _services: Services) -> tuple[Step, ...]:
        return (restore_step(target, platforms.get(target.platform), sealed),)

    request = PlanRequest(limit=kept.target, witnesses=witnesses, settle_s=settle_s)
    return plan_of(request, services, changing, verb="restore")


def export(folder: Path, services: Services, limit: str | None = None) -> tuple[Path, ...]:
    """Write the newest backup of each target into `folder`, secrets replaced by marks.

    The folder is a git repository: one commit for each export that differs.
    """
    from dcctl.workflows import git

    git.open_repository(folder)
    written = []
    for name in select(services, limit):
        kept = services.journal.backups(name, 1)
        if not kept:
            continue
        path = folder / kept[0].platform / f"{name}.cfg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(kept[0], services).rstrip("\n") + "\n", encoding="utf-8")
        written.append(path)
    git.commit(folder, written, author=services.operator)
    return tuple(written)


def _sealer(services: Services) -> Sealer:
    return sealing.sealer(options(services), services.root)


def _platform(kept: Backup) -> Platform:
    return platforms.get(kept.platform)
