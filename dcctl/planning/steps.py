"""The steps that build and check one target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dcctl.contracts import Platform
from dcctl.model import plain
from dcctl.model.plan import Step, StepKind
from dcctl.model.role import RoleSpec
from dcctl.model.target import Target

ROLES = "ansible_roles"


def role_steps(target: Target, roles: Sequence[RoleSpec]) -> tuple[Step, ...]:
    """One step a role, in the order given; each requires those that its role comes after."""
    names = {role.name for role in roles}
    return tuple(
        Step(
            id=f"{target.name}/role:{role.name}",
            target=target.name,
            kind=StepKind.ROLE,
            name=role.name,
            executor=ROLES,
            changes=True,
            settings={"role": role.name, "verify": list(role.verify), "digest": role.digest},
            requires=tuple(f"{target.name}/role:{name}" for name in role.after if name in names),
        )
        for role in roles
    )


def config_step(target: Target, platform: Platform, text: str) -> Step:
    """The step that makes the running configuration what `text` says."""
    return Step(
        id=f"{target.name}/config:{platform.name}",
        target=target.name,
        kind=StepKind.CONFIG,
        name=platform.name,
        executor=platform.executor,
        changes=True,
        settings={"text": text},
    )


def collect_step(
    target: Target,
    platform: Platform | None,
    checks: Mapping[str, Sequence[str]],
    *,
    settle_s: int = 0,
    name: str = "facts",
) -> Step:
    """The step that reads what `checks` (check id -> topics) need, and judges it.

    `settle_s`: how long adjacencies and clocks may take to come up after a change, in seconds.
    """
    settings: dict[str, Any] = {
        "topics": sorted({topic for topics in checks.values() for topic in topics}),
        "checks": sorted(checks),
    }
    if settle_s:
        settings["settle_s"] = settle_s
    return Step(
        id=f"{target.name}/collect:{name}",
        target=target.name,
        kind=StepKind.COLLECT,
        name=name,
        executor=platform.executor if platform else "",
        changes=False,
        settings=settings,
    )


def verify_step(
    target: Target,
    platform: Platform | None,
    checks: Mapping[str, Sequence[str]],
    *,
    settle_s: int,
) -> Step:
    """The step that, right after a target's change, asks again what passed before it.

    It fails when one of `checks` (check id -> topics) no longer passes; nothing new is then begun.
    """
    step = collect_step(target, platform, checks, settle_s=settle_s, name="verify")
    return replace(step, settings={**step.settings, "verify": True})


def command_step(target: Target, platform: Platform | None, command: str) -> Step:
    """The step that runs one read-only command."""
    return Step(
        id=f"{target.name}/command:exec",
        target=target.name,
        kind=StepKind.COMMAND,
        name="exec",
        executor=platform.executor if platform else "",
        changes=False,
        settings={"command": command},
    )


def backup_step(target: Target, platform: Platform) -> Step:
    """The step that keeps the whole configuration."""
    return Step(
        id=f"{target.name}/backup:{platform.name}",
        target=target.name,
        kind=StepKind.BACKUP,
        name=platform.name,
        executor=platform.executor,
        changes=False,
    )


def restore_step(target: Target, platform: Platform, sealed: str) -> Step:
    """The step that makes the running configuration that of a sealed backup."""
    return Step(
        id=f"{target.name}/config:restore",
        target=target.name,
        kind=StepKind.CONFIG,
        name="restore",
        executor=platform.executor,
        changes=True,
        settings={"sealed": sealed},
    )


def observe_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that predict and fingerprint `steps`: one for each target and executor."""
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        if step.changes:
            groups.setdefault((step.target, step.executor), []).append(step)
    return tuple(
        Step(
            id=f"{target}/observe:{executor}",
            target=target,
            kind=StepKind.OBSERVE,
            name=executor,
            executor=executor,
            changes=False,
            settings={"of": [plain.to_plain(step) for step in members]},
        )
        for (target, executor), members in groups.items()
    )


def topics_step(target: Target, platform: Platform | None, topics: Sequence[str]) -> Step:
    """The step that reads `topics` and judges nothing."""
    step = collect_step(target, platform, {})
    return replace(step, settings={**step.settings, "topics": list(topics)})
