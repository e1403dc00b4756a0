"""The terminal: stdout is data, stderr is words. Text from a device is never markup."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from dcctl.cli.words import status_word
from dcctl.text import visible

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 160  # columns when nobody's terminal bounds them

COLOURS = {
    "ok": "green",
    "pass": "green",
    "changed": "yellow",
    "waived": "cyan",
    "skipped": "cyan",
    "not_applicable": "bright_black",
    "partial": "red",
    "fail": "bold red",
    "failed": "bold red",
    "error": "magenta",
    "unreachable": "magenta",
    "not_started": "magenta",
    "not_evaluated": "magenta",
    "parsed": "green",
    "empty": "cyan",
    "no_template": "magenta",
    "worse": "bold red",
    "better": "green",
    "unknown": "magenta",
}


class Output(StrEnum):
    """How data comes out."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


@cache
def console(*, stderr: bool = True) -> Console:
    """The one console of each stream; no markup, no guessing at what looks like a number."""
    from rich.console import Console

    class Lasting(Console):
        """Who listens no more to our words stops no run; who reads no more data has enough."""

        def on_broken_pipe(self) -> None:
            if not stderr:
                raise  # noqa: PLE0704 - Rich calls this while it handles the error
            silence(sys.__stderr__)

    stream = sys.stderr if stderr else sys.stdout
    return Lasting(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        width=None if stream.isatty() else _WIDE,
    )


def reader_is_gone() -> bool:
    """Whether nobody reads our stdout any more, or Rich has found that and put a sink there."""
    poll = select.poll()
    poll.register(1, 0)
    broken = any(event & select.POLLERR for _, event in poll.poll(0))
    return broken or os.fstat(1).st_rdev == Path(os.devnull).stat().st_rdev


def silence(stream: TextIO | None) -> None:
    """Let what is written to `stream` from now on go nowhere."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def interactive() -> bool:
    """Whether a person watches."""
    return sys.stderr.isatty()


def say(text: str, *, style: str = "") -> None:
    """Words for the person, on stderr."""
    console().print(visible(text), style=style or None, soft_wrap=True)


def put(text: str) -> None:
    """Data, on stdout, as it is."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def structured(value: Any, output: Output) -> None:
    """Data as JSON or YAML."""
    from dcctl.model import plain

    if output is Output.YAML:
        import yaml

        data = plain.to_plain(value)
        put(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100))
        return
    encoder = json.JSONEncoder(indent=2, ensure_ascii=False, default=plain.shallow)
    sys.stdout.writelines(encoder.iterencode(value))  # an audit of thousands is large as JSON
    sys.stdout.write("\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """A table on stdout; a status word gets its colour."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*(Text(shown(cell), style=COLOURS.get(str(cell), "")) for cell in row))
    console(stderr=False).print(made)


def shown(cell: Any) -> str:
    """A cell's text: a status or a severity in the user's language, anything else as it is."""
    return status_word(cell) if isinstance(cell, StrEnum) else visible(str(cell))


def show(
    value: Any, output: Output, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """`value` as JSON or YAML, or `rows` as a table."""
    if output is Output.TABLE:
        rows = list(rows)
        if rows:
            table(headings, rows)
    else:
        structured(value, output)
