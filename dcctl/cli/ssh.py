"""`dcctl ssh`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from dcctl.cli import options
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help=_("The target's name."))],
    *,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Become ssh(1), with the right key, port and pinned host key."""
    from dcctl.workflows.ssh import ssh_arguments

    with opened(site, lab=lab) as services:
        arguments = ssh_arguments(target, services, context.args)
    os.execvp(arguments[0], arguments)  # noqa: S606 - no shell is wanted
