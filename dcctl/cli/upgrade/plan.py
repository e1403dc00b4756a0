"""`dcctl upgrade plan`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import max_failures, opened
from dcctl.cli.upgrade.show import say_next, show_campaign, show_explanation
from dcctl.cli.words import _
from dcctl.errors import ExitCode

_Image = Annotated[
    str, typer.Option("--image", help=_("Name in images.yml (default: the estate's release)."))
]
_Explain = Annotated[
    str, typer.Option("--explain", help=_("Also say why this element is in its wave."))
]
_NoDrain = Annotated[
    bool, typer.Option("--no-drain", help=_("Do not lead traffic round an element first."))
]


def command(
    *,
    limit: options.Limit = None,
    image: _Image = "",
    explain: _Explain = "",
    no_drain: _NoDrain = False,
    accept_cuts: options.AcceptCuts = False,
    windows: options.Windows = None,
    failures: options.MaxFailures = None,
    concurrency: options.Concurrency = None,
    site: options.Site = None,
    lab: options.Lab = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Look, plan, certify, show."""
    from dcctl.planning.plan import pending
    from dcctl.workflows.upgrade.plan import UpgradeRequest, explained, plan_upgrade

    overrides = {"max_failures": max_failures(failures), "concurrency": concurrency}
    request = UpgradeRequest(
        limit=limit,
        image=image,
        drain=not no_drain,
        accept_cuts=accept_cuts,
        windows=not lab if windows is None else windows,
    )
    with opened(site, lab=lab, serial=serial, overrides=overrides) as services:
        made = plan_upgrade(request, services)
        why = explained(made, explain, services) if explain else ()
    show_campaign(made, output)
    show_explanation(why)
    if pending(made):
        say_next(made)
    raise typer.Exit(int(ExitCode.CHANGES_PENDING if pending(made) else ExitCode.OK))
