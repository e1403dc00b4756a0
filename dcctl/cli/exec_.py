"""`dcctl exec`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken, status_word
from dcctl.errors import InvalidInput
from dcctl.text import N_


def command(
    context: typer.Context,
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    console: options.Console = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """One read-only command, after `--`."""
    from dcctl.workflows.exec import ExecRequest, exec_command

    words = " ".join(context.args)
    if not words:
        raise InvalidInput(
            N_("no command given"), hint=N_("dcctl exec --limit core_routers -- show version")
        )
    with opened(
        site,
        lab=lab,
        serial=serial,
        overrides={"concurrency": concurrency, "console": console or None},
    ) as services:
        record = exec_command(ExecRequest(command=words, limit=limit), services)
    if output is terminal.Output.TABLE:
        for step, outcome in record.steps():
            said = f"{status_word(outcome.status)} {spoken(outcome.message)}".rstrip()
            terminal.put(f"== {step.target}: {said}")
            text = str(outcome.data.get("output", ""))
            if text:
                terminal.put(text)
        terminal.say(_("run {run}", run=record.run.id))
    else:
        terminal.structured(record, output)
    raise typer.Exit(int(record.exit_code()))
