"""`dcctl upgrade status`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    run: options.RunName = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """A row an element, in the order of the waves."""
    from dcctl.workflows.upgrade.run import status

    with opened(site, lab=lab) as services:
        record, elements = status(run, services)
    headings = (
        _("wave"),
        _("element"),
        _("from"),
        _("image"),
        _("state"),
        _("phase"),
        _("since"),
        _("message"),
    )
    rows = [
        (e.wave + 1, e.name, e.running, e.image, e.status, e.phase, e.since[11:19], e.message)
        for e in sorted(elements, key=lambda one: (one.wave, one.name))
    ]
    terminal.show(list(elements), output, headings, rows)
    if output is terminal.Output.TABLE:
        done = sum(1 for e in elements if e.status in {"changed", "ok"})
        terminal.put(
            _(
                "run {run} is {status}: {done} of {all} elements are done",
                run=record.run.id,
                status=record.run.status,
                done=done,
                all=len(elements),
            )
        )
