"""Exec: one read-only command on many targets; refused when it is on no read-only list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dcctl import platforms
from dcctl.contracts import Platform
from dcctl.errors import InvalidInput
from dcctl.executors import guard
from dcctl.model.record import RunRecord
from dcctl.planning.steps import command_step
from dcctl.text import N_
from dcctl.workflows.execute import execute, select, simple_plan
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecRequest:
    """Which targets, and the command as one line."""

    command: str
    limit: str | None = None


_OUTPUT = re.compile(r" (-o|--output)[ =]?(table|json|yaml)$")


def _refuse_our_own_option(command: str, platform: Platform) -> None:
    """No device has such an option; on a host it may be the command's (`journalctl -o json`)."""
    ours = _OUTPUT.search(command)
    if ours and platform.executor == "device_session":
        raise InvalidInput(
            N_("{option} stands after --, so it would be sent to the device"),
            hint=N_("write it before: dcctl exec {option} -- {rest}"),
            option=ours[0].strip(),
            rest=command[: ours.start()],
        )


def exec_command(request: ExecRequest, services: Services) -> RunRecord:
    """Run the command everywhere it is allowed.

    Raises:
        InvalidInput: the command ends in an option of ours.
        CommandRefused: a selected platform doesn't have it on its read-only list; nothing was run.
    """
    targets = select(services, request.limit)
    for name in sorted({target.platform for target in targets.values() if target.managed}):
        platform = platforms.get(name)
        _refuse_our_own_option(request.command, platform)
        guard.permit(platform, request.command)
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
