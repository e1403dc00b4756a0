"""Steps to plays: one play a role, in an order that keeps every target's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.plan import Step


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


def role_of(step: Step) -> str:
    """The role that a step applies."""
    return str(step.settings.get("role") or step.name)


def _next_role(queues: Sequence[Sequence[Step]]) -> str:
    """A role that heads a queue and waits further back in none: so that one play serves all."""
    heads = list(dict.fromkeys(role_of(queue[0]) for queue in queues))
    waiting = {role_of(step) for queue in queues for step in queue[1:]}
    return next((role for role in heads if role not in waiting), heads[0])
