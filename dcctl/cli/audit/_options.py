"""Options that the verbs of the audit share."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dcctl import clock
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
Level = Annotated[int, typer.Option("--level", help=_("The system's level: 3, 4 or 5."))]


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
