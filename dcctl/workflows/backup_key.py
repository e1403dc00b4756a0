"""The key that configurations are sealed with: where it lies, that it is there, a new one."""

from __future__ import annotations

import os
from pathlib import Path

from dcctl.errors import InvalidInput
from dcctl.executors import sealing
from dcctl.model.plan import Plan, StepKind
from dcctl.text import N_
from dcctl.workflows.services import LAB_FOLDER, Services

# What keeps a configuration: an upgrade does before it touches anything.
_KEEPING = (StepKind.BACKUP, StepKind.CONFIG, StepKind.UPGRADE)


def reference(services: Services) -> str:
    """Where the key lies; the lab has one of its own."""
    if not services.lab:
        return services.estate.site_config.backup_key
    return f"file:{LAB_FOLDER / 'backup.key'}"


def require_key(plan: Plan, services: Services) -> None:
    """See that there is a key when `plan` keeps or changes a configuration; the lab's is made.

    Raises:
        NotFound: there is none. InvalidInput: it is no key, or others may read it.
    """
    if not any(step.kind in _KEEPING for step in plan.steps):
        return
    if services.lab and not (services.root / LAB_FOLDER / "backup.key").exists():
        make_key(services)
    sealing.sealer(plan.options, services.root)


def make_key(services: Services) -> Path:
    """Make the key that configurations are sealed with.

    Raises:
        InvalidInput: dcctl.yml keeps it elsewhere than in a file, or there is one already.
    """
    where = reference(services)
    source, _, name = where.partition(":")
    if source != "file":
        raise InvalidInput(
            N_("dcctl.yml keeps the backup key in {reference}: make it there"), reference=where
        )
    path = services.root / Path(name).expanduser()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InvalidInput(
            N_("{path} is there already"),
            hint=N_("to replace a key, put a new line before the old one: old backups need it"),
            path=str(path),
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(sealing.new_key() + "\n")
    return path
