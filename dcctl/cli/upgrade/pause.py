"""`dcctl upgrade pause`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, typed


def command(
    run: options.RunName = "latest", *, site: options.Site = None, lab: options.Lab = False
) -> None:
    """Finish what is under way; begin nothing new."""
    from dcctl.workflows.upgrade.run import pause

    with opened(site, lab=lab) as services:
        found = pause(run, services)
    terminal.say(_("run {run} begins no further element", run=found.id))
    terminal.say(_("go on with: dcctl upgrade resume {run}", run=typed(found.id, lab=lab)))
