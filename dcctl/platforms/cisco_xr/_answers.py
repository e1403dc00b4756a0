"""What every answer of IOS XR may begin with, and how it says that a thing is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Collector
from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_DATE = re.compile(r"\A\s*\w{3} \w{3} +\d+ \d\d:\d\d:\d\d(?:\.\d+)? [\w+:-]+[ \t]*\n")
# One line alone, of a router that has no such process or nothing to show.
_ABSENT = re.compile(
    r"\s*%? ?[\w' :.,-]{0,80}\b(?:not (?:active|configured|running|enabled)"
    r"|no [\w -]{1,50} (?:found|configured))[\w ',-]{0,40}\.?\s*",
    re.IGNORECASE,
)


def undated(text: str) -> str:
    """The answer without the date that stands above it unless the terminal was told otherwise."""
    return _DATE.sub("", text + "\n", count=1)


def absent(output: Output) -> bool:
    """Whether the router says, properly, that there is nothing of the kind."""
    text = text_of(output)
    return not text.strip() or bool(_ABSENT.fullmatch(text))


def counted(output: Output, stated: str, records: Sequence[Any]) -> None:
    """Require that the totals that `stated` finds (one a section) add up to the records."""
    totals = re.findall(stated, output.text, re.MULTILINE)
    expect(
        totals and sum(map(int, totals)) == len(records), output, "not every entry was understood"
    )


def collector(
    topic: str, commands: tuple[str, ...], parse: Callable[[Sequence[Output]], Any | None]
) -> Collector:
    """A collector whose `parse` sees no dates."""
    return Collector(
        topic=topic,
        commands=commands,
        parse=lambda outputs: parse([replace(one, text=undated(one.text)) for one in outputs]),
    )
