"""Typer's own words in the user's language: its help, and what it says of a wrong argument."""

from __future__ import annotations

import gettext
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from dcctl.cli.words import _
from dcctl.text import N_, translate

if TYPE_CHECKING:
    import typer
    from typer.core import TyperCommand

# What Typer passes through gettext, or writes into its commands.
HELP = (
    N_("Usage: "),
    N_("[OPTIONS]"),
    N_("[OPTIONS] -- COMMAND"),
    N_("COMMAND [ARGS]..."),
    N_("Arguments"),
    N_("Options"),
    N_("Commands"),
    N_("[required]"),
    N_("[default: {}]"),
    N_("[env var: {}]"),
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
# What it says of a wrong argument: its English is the template, so that each is known by its form.
COMPLAINTS = (
    N_("No such command {name}. Did you mean {others}?"),
    N_("No such command {name}."),
    N_("No such option: {name} (Possible options: {others})"),
    N_("No such option: {name}"),
    N_("Missing command."),
    N_("Missing argument {name}."),
    N_("Missing option {name}."),
    N_("Option {name} requires an argument."),
    N_("Option {name} does not take a value."),
    N_("Got unexpected extra argument(s) ({values})"),
    N_("Invalid value for {name}: {complaint}"),
    N_("Input should be greater than or equal to {least}"),
    N_("Input should be a valid integer, unable to parse string as an integer"),
    N_("Value error, {value} is not one of {choices}."),
)


def install() -> None:
    """Before Typer is imported: what it asks gettext for comes from our catalogue."""
    gettext.gettext = _translated


def _translated(message: str) -> str:
    return translate(message)


def speaking(app: typer.Typer) -> TyperCommand:
    """The command of `app`, all of whose help is in the user's language."""
    from typer.main import get_command

    command: Any = get_command(app)
    command.context_class = _context_class()
    found: TyperCommand = command
    return found


def _speak(context: typer.Context) -> None:
    """Of this command only: `--help` is about one, and most verbs show none."""
    command: Any = context.command
    command.options_metavar = _(command.options_metavar)
    for parameter in command.get_params(context):
        parameter.help = parameter.help and _(parameter.help)
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""  # Typer would call it <bool>, and it takes nothing
    for inner in getattr(command, "commands", {}).values():
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        inner.context_class = type(context)


def _context_class() -> type[typer.Context]:
    import typer

    class Context(typer.Context):
        """Writes its command's help in the user's language."""

        def __init__(self, *arguments: Any, **settings: Any) -> None:
            super().__init__(*arguments, **settings)
            _speak(self)

        def make_formatter(self) -> Any:
            formatter: Any = super().make_formatter()
            formatter.write_usage = partial(formatter.write_usage, prefix=_("Usage: "))
            return formatter

    return Context


def complaint(line: str) -> str:
    """One of Typer's complaints in the user's language; as it is where it is none that we know."""
    for template in COMPLAINTS:
        match = _pattern(template).fullmatch(line)
        if match:
            told = {
                name: complaint(value) if name == "complaint" else value
                for name, value in match.groupdict().items()
            }
            return _(template, **told)
    return line


def _pattern(template: str) -> re.Pattern[str]:
    """`{name}` stands for anything; a full stop at the end may be missing."""
    parts = re.split(r"\{(\w+)\}", template.rstrip("."))
    named = [re.escape(p) if n % 2 == 0 else f"(?P<{p}>.+)" for n, p in enumerate(parts)]
    return re.compile("".join(named) + r"\.?")
