"""`dcctl parse`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import terminal
from dcctl.cli.options import OutputFormat
from dcctl.cli.show_facts import show_value
from dcctl.cli.words import _, spoken
from dcctl.errors import NotFound
from dcctl.text import N_


def command(
    platform: Annotated[
        str, typer.Argument(metavar="PLATFORM", help=_("The platform, such as cisco_xe."))
    ],
    command_: Annotated[
        str, typer.Argument(metavar="COMMAND", help=_("The whole command, in one argument."))
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("The answer; - is standard input."))
    ] = Path("-"),
    *,
    output: OutputFormat = terminal.Output.TABLE,
) -> None:
    """What a kept answer means, without any device; exit 4 when it is not understood."""
    from dcctl.model import plain
    from dcctl.workflows.parse import exit_code, parse

    parsed = parse(platform, command_, _read(file))
    if output is not terminal.Output.TABLE:
        terminal.structured(parsed, output)
    else:
        line = f"{terminal.shown(parsed.status)} {parsed.topic} {spoken(parsed.message)}"
        terminal.put(" ".join(line.split()))
        data = plain.to_plain(parsed.fact) if parsed.fact is not None else {}
        show_value(data or {"items": [dict(one) for one in parsed.records]})
    raise typer.Exit(int(exit_code(parsed)))


def _read(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise NotFound(
            N_("{path}: {error}"), path=str(file), error=error.strerror or str(error)
        ) from error
