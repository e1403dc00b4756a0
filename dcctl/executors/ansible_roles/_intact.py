"""Whether roles are still what was approved, looked at right before Ansible reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl import clock
from dcctl.discovery import tree_digest
from dcctl.errors import DcctlError
from dcctl.executors.ansible_roles._plays import role_folder, role_of
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dcctl.model.plan import Step


def sift(
    steps: Sequence[Step], folders: Sequence[Path]
) -> tuple[tuple[Step, ...], tuple[Outcome, ...]]:
    """The steps that may be run, and the outcomes of the others.

    A step whose role is no longer what was planned is refused, and what comes after it on its
    target with it.
    """
    found: dict[str, str] = {}
    kept: list[Step] = []
    lost: set[str] = set()  # targets
    outcomes: list[Outcome] = []
    for step in steps:
        role, planned = role_of(step), str(step.settings.get("digest") or "")
        if planned and role not in found:
            found[role] = _digest(role, folders)
        if planned and found[role] != planned:
            words = Text(N_("the role {role} changed since the plan was made"), {"role": role})
            outcome = _outcome(step, NotStarted.STALE, words)
        elif step.target in lost:
            words = Text(N_("an earlier role did not succeed"))
            outcome = _outcome(step, NotStarted.DEPENDENCY, words)
        else:
            kept.append(step)
            continue
        lost.add(step.target)
        outcomes.append(outcome)
    return tuple(kept), tuple(outcomes)


def _digest(role: str, folders: Sequence[Path]) -> str:
    """The digest of the role that Ansible would find; what can't be read is nothing approved."""
    folder = role_folder(role, folders)
    try:
        return tree_digest(folder) if folder else ""
    except (OSError, DcctlError):
        return ""


def _outcome(step: Step, reason: NotStarted, words: Text) -> Outcome:
    return Outcome(
        step=step.id,
        target=step.target,
        status=StepStatus.NOT_STARTED,
        reason=reason.value,
        message=words,
        finished_at=clock.now().isoformat(),
    )
