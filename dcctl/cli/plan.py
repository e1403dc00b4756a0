"""`dcctl plan`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.show_plan import show_plan
from dcctl.cli.site import max_failures, opened
from dcctl.cli.words import _, typed
from dcctl.errors import ExitCode


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    kind: options.Kind = "",
    offline: options.Offline = False,
    concurrency: options.Concurrency = None,
    failures: options.MaxFailures = None,
    settle: options.Settle = 120,
    together: options.Together = None,
    together_redundant: options.TogetherRedundant = False,
    no_witnesses: options.NoWitnesses = False,
    detail: options.Detail = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Observe, plan, show."""
    from dcctl.planning.plan import pending
    from dcctl.workflows.plan import PlanRequest, plan

    overrides = {"concurrency": concurrency, "max_failures": max_failures(failures)}
    request = PlanRequest(
        limit=limit,
        offline=offline,
        kind=kind,
        settle_s=settle,
        together=tuple(together or ()),
        together_redundant=together_redundant,
        witnesses=not no_witnesses,
    )
    with opened(site, lab=lab, serial=serial, overrides=overrides) as services:
        made = plan(request, services)
    show_plan(made, output, detail=detail)
    if pending(made):
        terminal.say(
            _("run exactly this with: dcctl apply {hash}", hash=typed(made.hash[:12], lab=lab))
        )
    raise typer.Exit(int(ExitCode.CHANGES_PENDING if pending(made) else ExitCode.OK))
