"""Steps to plays: one play a role, in an order that keeps every target's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Context
    from dcctl.model.plan import Step

LOST_HANDLERS = "Run again what may have been lost"  # a task of ours, in no role


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One role over the targets that have it."""

    index: int
    role: str
    steps: Mapping[str, Step]  # by target

    @property
    def name(self) -> str:
        """What Ansible calls it; unique, and how its events are told apart."""
        return f"{self.index} {self.role}"

    @property
    def gate(self) -> str:
        """The play before it, which waits until the steps are on record."""
        return f"gate {self.index}"


def arrange(steps: Sequence[Step]) -> tuple[Play, ...]:
    """As few plays as keep each target's order of steps."""
    queues: dict[str, list[Step]] = {}
    for step in steps:
        queues.setdefault(step.target, []).append(step)
    plays: list[Play] = []
    while queues:
        role = _next_role(list(queues.values()))
        chosen = {
            target: queue.pop(0) for target, queue in queues.items() if role_of(queue[0]) == role
        }
        queues = {target: queue for target, queue in queues.items() if queue}
        plays.append(Play(index=len(plays), role=role, steps=chosen))
    return tuple(plays)


def in_doubt(play: Play) -> list[str]:
    """The targets whose step was begun by a process that died."""
    return [target for target, step in play.steps.items() if step.settings.get("in_doubt")]


def role_of(step: Step) -> str:
    """The role that a step applies."""
    return str(step.settings.get("role") or step.name)


def _next_role(queues: Sequence[Sequence[Step]]) -> str:
    """A role that heads a queue and waits further back in none: so that one play serves all."""
    heads = list(dict.fromkeys(role_of(queue[0]) for queue in queues))
    waiting = {role_of(step) for queue in queues for step in queue[1:]}
    return next((role for role in heads if role not in waiting), heads[0])


def roles_path(context: Context) -> tuple[Path, ...]:
    """Where roles are looked for, the site's own first."""
    return tuple(Path(path) for path in context.options.get("roles_path") or ())


def role_folder(role: str, folders: Sequence[Path]) -> Path | None:
    """Where a role lies: the first of `folders` that has it, as for Ansible."""
    return next((one / role for one in folders if (one / role / "tasks").is_dir()), None)


def handlers(role: str, folders: Sequence[Path]) -> list[str]:
    """The names of a role's handlers."""
    folder = role_folder(role, folders)
    file = folder / "handlers" / "main.yml" if folder else None
    tasks = yaml.load(file.read_bytes(), yaml.CSafeLoader) if file and file.is_file() else None
    return [str(task["name"]) for task in tasks or () if "name" in task]
