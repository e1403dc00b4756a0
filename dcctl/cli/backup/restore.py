"""`dcctl backup restore`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.backup.names import Target, Which
from dcctl.cli.show_record import finish
from dcctl.cli.site import approvals, opened


def command(
    target: Target,
    which: Which = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    approve_destructive: options.ApproveDestructive = False,
    approve_reload: options.ApproveReload = False,
    no_safety_net: options.NoSafetyNet = False,
    no_witnesses: options.NoWitnesses = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan, ask, bring back, prove."""
    from dcctl.workflows.backup import find, restore

    given = approvals(
        destructive=approve_destructive, reload=approve_reload, no_safety_net=no_safety_net
    )
    with opened(site, lab=lab, yes=yes, approvals=given) as services:
        record = restore(find(target, which, services), services, witnesses=not no_witnesses)
    finish(record, output)
