"""`dcctl inventory show`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened


def command(
    target: options.TargetName,
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.YAML,
) -> None:
    """One target, merged."""
    chosen = terminal.Output.YAML if output is terminal.Output.TABLE else output
    with opened(site, lab=lab) as services:
        terminal.structured(services.estate.target(target), chosen)
