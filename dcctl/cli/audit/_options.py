"""Options that the verbs of the audit share."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dcctl import clock
from dcctl.cli import completion
from dcctl.cli.words import _
from dcctl.errors import InvalidInput, NotFound
from dcctl.text import N_, user_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.standards import Standard

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help=_("The day whose law counts (default: today).")
    ),
]
AsOfLaw = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help=_("The day whose law counts (default: the day it was collected)."),
    ),
]
AsOfOld = Annotated[
    datetime | None,
    typer.Option(
        "--as-of-old",
        formats=["%Y-%m-%d"],
        help=_("The day whose law counted then (default: the day it was collected)."),
    ),
]
OneLevel = Annotated[
    int | None,
    typer.Option("--level", help=_("3, 4 or 5 for every target (default: each one's own).")),
]
Standards = Annotated[
    list[str] | None, typer.Option("--standard", help=_("Only these standards, by name."))
]
Priority = Annotated[
    int, typer.Option("--priority", min=1, max=2, help=_("Only rows up to this priority."))
]
Form = Annotated[
    str | None,
    typer.Option(
        "--format", "-f", autocompletion=completion.formats, help=_("Make a report of it.")
    ),
]
Declared = Annotated[
    Path | None,
    typer.Option(
        "--declared",
        help=_("Waivers and attestations as an evaluation kept them (its JSON), not the site's."),
    ),
]
Kept = Annotated[
    Path | None,
    typer.Option(
        "--kept", help=_("What was told then: a file of `dcctl audit evaluate --output json`.")
    ),
]
Earlier = Annotated[
    str,
    typer.Argument(
        autocompletion=completion.runs, help=_("The earlier run: its id or its beginning.")
    ),
]
Later = Annotated[
    str, typer.Argument(autocompletion=completion.runs, help=_("The later run (default: latest)."))
]
Level = Annotated[int, typer.Option("--level", help=_("The system's level: 3, 4 or 5."))]


def law_of(as_of: datetime | None) -> date | None:
    """The day that was asked for; None: that of the collection."""
    return as_of.date() if as_of else None


def day(as_of: datetime | None) -> date:
    """The day that was asked for, or today."""
    return as_of.date() if as_of else clock.now().date()


def required_level(level: int) -> int:
    """The level, or a refusal that names those there are."""
    from dcctl.standards import LEVELS

    if level not in LEVELS:
        raise InvalidInput(
            N_("there is no level {level} here"),
            hint=N_("levels: {levels}"),
            level=level,
            levels=", ".join(map(str, LEVELS)),
        )
    return level


def one_level(level: int | None) -> int | None:
    """The level that was asked for, if it is one; None: each target's own."""
    return required_level(level) if level is not None else None


def required_standard(name: str) -> Standard:
    """The standard of that name, or the only one whose name holds it."""
    from dcctl.standards import all_standards

    found = all_standards()
    near = [each for each in found if name.casefold() in each.casefold()]
    if name in found or len(near) == 1:
        return found[name if name in found else near[0]]
    raise NotFound(
        N_("there is no standard {name}"),
        hint=N_("standards: {names}"),
        name=name,
        names=", ".join(near or found),
    )


def own(texts: Mapping[str, str]) -> str:
    """A text of the catalogue in the user's language."""
    return texts.get(user_language()) or texts.get("en", "")
