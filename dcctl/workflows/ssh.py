"""Ssh: the arguments of ssh(1) for one target."""

from __future__ import annotations

from collections.abc import Sequence

from dcctl.executors import interactive
from dcctl.workflows.execute import options
from dcctl.workflows.services import Services


def ssh_arguments(name: str, services: Services, command: Sequence[str] = ()) -> list[str]:
    """What to execute; the host key must be pinned.

    Raises:
        NotFound: no such target.
    """
    target = services.estate.target(name)
    arguments = interactive.arguments(target, options(services), base=services.root)
    return [*arguments, *command]
