"""Exec: one read-only command on many targets; refused when it is on no read-only list."""

from __future__ import annotations

from dataclasses import dataclass

from dcctl import platforms
from dcctl.executors import guard
from dcctl.model.record import RunRecord
from dcctl.planning.steps import command_step
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecRequest:
    """Which targets, and the command as one line."""

    command: str
    limit: str | None = None


def exec_command(request: ExecRequest, services: Services) -> RunRecord:
    """Run the command everywhere it is allowed.

    Raises:
        CommandRefused: a selected platform doesn't have it on its read-only list; nothing was run.
    """
    targets = select(services, request.limit)
    for name in sorted({target.platform for target in targets.values() if target.managed}):
        guard.permit(platforms.get(name), request.command)
    steps = [
        command_step(
            target, platforms.get(target.platform) if target.managed else None, request.command
        )
        for target in targets.values()
    ]
    plan = simple_plan("exec", targets, steps, services)
    return execute(
        plan, services, request={"verb": "exec", "command": request.command, "limit": request.limit}
    )
