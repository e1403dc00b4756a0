"""`dcctl check list`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.words import _


def command(*, output: options.OutputFormat = terminal.Output.TABLE) -> None:
    """Every check."""
    from dcctl.checks import all_checks

    checks = [
        {
            "id": check.id,
            "pack": check.pack,
            "severity": check.severity.value,
            "title": _(check.title),
            "topics": list(check.topics),
            "parameters": dict(check.parameters),
        }
        for check in all_checks().values()
    ]
    headings = (_("check"), _("pack"), _("severity"), _("title"))
    rows = [(c.id, c.pack, c.severity, _(c.title)) for c in all_checks().values()]
    terminal.show(checks, output, headings, rows)
