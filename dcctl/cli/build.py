"""`dcctl build`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import max_failures, opened


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
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan, ask, apply, read, judge."""
    from dcctl.workflows.build import build
    from dcctl.workflows.plan import PlanRequest

    overrides = {"concurrency": concurrency, "max_failures": max_failures(failures)}
    request = PlanRequest(limit=limit, offline=offline, settle_s=settle)
    with opened(site, lab=lab, serial=serial, yes=yes, overrides=overrides) as services:
        record = build(request, services)
    finish(record, output)
