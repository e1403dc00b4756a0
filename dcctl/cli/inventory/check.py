"""`dcctl inventory check`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.words import _, spoken
from dcctl.errors import ExitCode
from dcctl.text import visible


def command(
    *,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Every complaint with its file, its line and what to do."""
    from dcctl.workflows.services import find_site
    from dcctl.workflows.validate import validate

    root = find_site(site)
    complaints = validate(root)
    errors = sum(1 for complaint in complaints if complaint.severity.value == "error")
    if output is not terminal.Output.TABLE:
        terminal.structured([_plain(complaint) for complaint in complaints], output)
    else:
        for complaint in complaints:
            hint = spoken(complaint.hint)
            text = f"{complaint.place}: {complaint.severity.value}: {spoken(complaint.text)}"
            terminal.put(visible(f"{text} ({hint})" if hint else text))
        warnings = len(complaints) - errors
        terminal.say(_("{errors} errors, {warnings} warnings", errors=errors, warnings=warnings))
    raise typer.Exit(int(ExitCode.USAGE if errors else ExitCode.OK))


def _plain(complaint: object) -> dict[str, object]:
    from dcctl.model.estate import Complaint

    assert isinstance(complaint, Complaint)  # noqa: S101 - for the type checker
    return {
        "file": complaint.place.file,
        "line": complaint.place.line,
        "column": complaint.place.column,
        "severity": complaint.severity.value,
        "text": spoken(complaint.text),
        "hint": spoken(complaint.hint),
    }
