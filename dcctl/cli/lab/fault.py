"""`dcctl lab fault`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import InvalidInput
from dcctl.text import N_


def command(
    target: Annotated[
        str | None, typer.Argument(autocompletion=completion.targets, help=_("The twin's name."))
    ] = None,
    fault: Annotated[str | None, typer.Argument(help=_("What to break; none lists them."))] = None,
    arguments: Annotated[
        list[str] | None, typer.Argument(help=_("NAME=VALUE, as the fault asks for."))
    ] = None,
    *,
    heal: Annotated[bool, typer.Option("--heal", help=_("Take it back."))] = False,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Break something on purpose."""
    from dcctl import lab as catalogue
    from dcctl.workflows import lab

    if target is None or fault is None:
        _list(catalogue.faults(), output)
        return
    given = dict(_pair(argument) for argument in arguments or [])
    if heal:
        given["heal"] = True
    with opened(site) as services:
        lab.fault(services, target, fault, given)
    terminal.say(_("{target}: {fault}", target=target, fault=fault))


def _pair(argument: str) -> tuple[str, object]:
    name, separator, value = argument.partition("=")
    if not separator:
        raise InvalidInput(N_("{argument} is not NAME=VALUE"), argument=argument)
    return name, value


def _list(faults: object, output: terminal.Output) -> None:
    """By what it happens to, then by name: one name may do another thing to another kind."""
    from dcctl.model import plain

    rows = plain.to_plain(faults)
    if output is not terminal.Output.TABLE or not isinstance(rows, list):
        terminal.structured(
            rows, terminal.Output.YAML if output is terminal.Output.TABLE else output
        )
        return
    rows.sort(key=lambda row: (_cell(row["kinds"]), row["name"]))
    keys = ("kinds", "name", "title", "arguments")
    headings = (_("of a"), _("fault"), _("what happens"), _("arguments"))
    terminal.table(headings, [[_cell(row[key]) for key in keys] for row in rows])


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{name}={'…' if item is None else item}" for name, item in value.items())
    return str(value)
