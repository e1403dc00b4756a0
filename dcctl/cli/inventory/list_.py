"""`dcctl inventory list`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Name, platform, kind, site, rack, address."""
    from dcctl.workflows.execute import select

    with opened(site, lab=lab) as services:
        targets = list(select(services, limit).values())
    rows = [(t.name, t.platform, t.kind, t.site, t.rack, t.connection.address) for t in targets]
    keys = ("name", "platform", "kind", "site", "rack", "address")
    data = [dict(zip(keys, row, strict=True)) for row in rows]
    headings = (_("name"), _("platform"), _("kind"), _("site"), _("rack"), _("address"))
    terminal.show(data, output, headings, rows)
