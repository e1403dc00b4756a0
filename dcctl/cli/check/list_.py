"""`dcctl check list`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.words import _


def command(
    *, site: options.Site = None, output: options.OutputFormat = terminal.Output.TABLE
) -> None:
    """Every check, with its parameters as the site has them."""
    from dcctl.checks import all_checks
    from dcctl.workflows.check import parameters

    tailored = parameters(site)
    checks = [
        {
            "id": check.id,
            "pack": check.pack,
            "severity": check.severity.value,
            "title": _(check.title),
            "topics": list(check.topics),
            "parameters": tailored[check.id],
        }
        for check in all_checks().values()
    ]
    headings = (_("check"), _("pack"), _("severity"), _("title"))
    rows = [(c.id, c.pack, c.severity, _(c.title)) for c in all_checks().values()]
    terminal.show(checks, output, headings, rows)
