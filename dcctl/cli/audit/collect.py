"""`dcctl audit collect`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    console: options.Console = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Read what the catalogue asks for and keep every raw answer; judges and changes nothing."""
    from dcctl.workflows.audit.collect import CollectRequest, collect

    with opened(
        site,
        lab=lab,
        serial=serial,
        overrides={"concurrency": concurrency, "console": console or None},
    ) as services:
        record = collect(CollectRequest(limit=limit), services)
    finish(record, output)
