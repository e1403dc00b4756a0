"""`dcctl ssh`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken


def command(
    context: typer.Context,
    target: options.TargetName,
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    console: Annotated[
        bool, typer.Option("--console", help=_("Its serial port, over its console server."))
    ] = False,
) -> None:
    """Become ssh(1), with the right key, port, password and pinned host key."""
    from dcctl.workflows.ssh import ssh_session

    with opened(site, lab=lab) as services:
        session = ssh_session(target, services, context.args, console=console)
    for error in session.missing:
        terminal.say(_("{error}: ssh will ask for it", error=spoken(error.text)))
    environment = {**os.environ, **session.environment()}
    os.execvpe(session.arguments[0], session.arguments, environment)  # noqa: S606 - no shell is wanted
