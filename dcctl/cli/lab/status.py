"""`dcctl lab status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken

if TYPE_CHECKING:
    from dcctl.lab import LabStatus


def command(
    *,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What runs."""
    from dcctl.workflows import lab

    with opened(site) as services:
        found = lab.status(services)
    show_status(found, output)


def show_status(status: LabStatus, output: terminal.Output) -> None:
    """One row a twin."""
    rows = [(twin.name, twin.kind, twin.address, twin.port, twin.state) for twin in status.targets]
    headings = (_("name"), _("kind"), _("address"), _("port"), _("state"))
    terminal.show(status, output, headings, rows)
    for note in status.notes:
        terminal.say(spoken(note))
    took = f" ({status.seconds:.1f} s)" if status.seconds else ""
    terminal.say(_("lab {id}: {state}{took}", id=status.lab_id, state=status.state, took=took))
