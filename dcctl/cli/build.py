"""`dcctl build`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import approvals, max_failures, opened


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    offline: options.Offline = False,
    concurrency: options.Concurrency = None,
    failures: options.MaxFailures = None,
    settle: options.Settle = 120,
    together: options.Together = None,
    together_redundant: options.TogetherRedundant = False,
    no_witnesses: options.NoWitnesses = False,
    approve_destructive: options.ApproveDestructive = False,
    approve_reload: options.ApproveReload = False,
    no_safety_net: options.NoSafetyNet = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan, ask, apply, read, judge."""
    from dcctl.workflows.build import build
    from dcctl.workflows.plan import PlanRequest

    overrides = {"concurrency": concurrency, "max_failures": max_failures(failures)}
    request = PlanRequest(
        limit=limit,
        offline=offline,
        settle_s=settle,
        together=tuple(together or ()),
        together_redundant=together_redundant,
        witnesses=not no_witnesses,
    )
    given = approvals(
        destructive=approve_destructive, reload=approve_reload, no_safety_net=no_safety_net
    )
    with opened(
        site, lab=lab, serial=serial, yes=yes, approvals=given, overrides=overrides
    ) as services:
        record = build(request, services)
    finish(record, output)
