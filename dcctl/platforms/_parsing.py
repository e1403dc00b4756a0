"""The one router from a device's answer to records: the exact template, or the device's own JSON.

A collector names its template file; no index is asked (ntc-templates' index sends some commands to
another's template). What a template does not understand is `Unparsed`, never an empty answer.
"""

from __future__ import annotations

import json
import re
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dcctl.errors import Unparsed
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.contracts import Output

T = TypeVar("T")
Record = dict[str, Any]


def text_of(output: Output) -> str:
    """The answer's text.

    Raises:
        Unparsed: the command failed.
    """
    if output.failed:
        raise Unparsed(N_("{command}: {answer}"), command=output.command, answer=output.text[:200])
    return output.text


def own(folder: Path, template: str, output: Output) -> list[Record]:
    """Records of `output` by our own template `folder/textfsm/template`."""
    return _parse(folder / "textfsm" / f"{template}.textfsm", output)


def ntc(template: str, output: Output) -> list[Record]:
    """Records of `output` by ntc-templates' template of exactly that file name."""
    import ntc_templates

    folder = Path(ntc_templates.__file__).parent / "templates"
    return _parse(folder / f"{template}.textfsm", output)


def _parse(path: Path, output: Output) -> list[Record]:
    from dcctl.platforms._textfsm import template

    text = text_of(output)
    scan = template(path).scan(text)
    if scan.refused:
        line = text.splitlines()[scan.refused[0]].strip()
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=output.command, error=line[:200]
        )
    return list(scan.records)


def json_of(output: Output) -> Any:
    """The device's own JSON, from its first brace to that one's end.

    Raises:
        Unparsed: the command failed, or it is no JSON.
    """
    text = text_of(output)
    start = re.search(r"[\[{]", text)
    if not start:
        expect(not text.strip(), output, "no JSON")
        return None
    try:
        data, end = json.JSONDecoder().raw_decode(text, start.start())
    except ValueError as error:
        raise Unparsed(
            N_("{command}: not understood: {error}"), command=output.command, error=str(error)[:200]
        ) from error
    expect(not text[end:].strip(), output, f"more than JSON: {text[end:].strip()[:60]}")
    return data


def expect(condition: object, output: Output, what: str) -> None:
    """Raise Unparsed unless `condition`; `what` says what the answer should have held."""
    if not condition:
        raise Unparsed(N_("{command}: not understood: {error}"), command=output.command, error=what)


def paragraphs(text: str, start: re.Pattern[str]) -> list[str]:
    """The pieces of a text that begin where `start` fits."""
    starts = [found.start() for found in start.finditer(text)]
    return [text[here:end] for here, end in pairwise([*starts, len(text)])]


def shaped(parse: Callable[[Sequence[Output]], T]) -> Callable[[Sequence[Output]], T]:
    """`parse`, for data of any shape: what it trips over is Unparsed."""

    @wraps(parse)
    def parsing(outputs: Sequence[Output]) -> T:
        try:
            return parse(outputs)
        except Unparsed:
            raise
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unparsed(
                N_("{command}: not understood: {error}"),
                command=outputs[0].command,
                error=f"{type(error).__name__}: {error}"[:200],
            ) from error

    return parsing


def number(text: Any) -> int | None:
    """An integer, or None where the device gave none."""
    digits = str(text or "")
    if not digits.isdecimal():
        digits = _NO_DIGITS.sub("", digits)
    return int(digits) if digits.lstrip("-") else None


_NO_DIGITS = re.compile(r"[^\d-]")
_UNITS = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}


def seconds(text: str) -> int | None:
    """`1y10w`, `3w0d`, `2d03h`, `00:01:02`, `9w2d 5:23:37`, in seconds; None when it is neither."""
    text = text.strip()
    total, found = 0, False
    for amount, unit in re.findall(r"(\d+)([ywdhms])", text):
        total, found = total + int(amount) * _UNITS[unit], True
    clocks = re.search(r"(\d+):(\d+)(?::(\d+))?", text)
    if clocks:
        first, second, third = clocks.groups()
        total += int(first) * 3600 + int(second) * 60 + int(third or 0)
        found = True
    return total if found else None
