"""How SR OS writes its answers: rules, tables with counts, `Name : value` in one or two columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.contracts import Output

_RULE = re.compile(r"[=\-]{8,}\s*")
_PAIR = re.compile(r"(?P<name>[A-Za-z][\w /()&.'-]*?)\s*: ?(?P<value>.*?)\s*$")
_SECOND = 40  # the column behind which a second pair may begin
_NOTHING = re.compile(
    r"(?m)^\s*No (?:Matching Entries|matching entries|Entries)(?: [Ff]ound)?"
    r"|\bMINOR: CLI [\w -]{1,40} is not configured\.?\s*$"
)


def understood(match: re.Match[str] | None, output: Output, what: str) -> re.Match[str]:
    """`match`, where there is one.

    Raises:
        Unparsed: there is none; `what` says of what.
    """
    expect(match, output, what)
    assert match is not None  # noqa: S101 - expected above
    return match


def rows(output: Output, heading: str) -> list[str]:
    """The lines of a table below the rule that follows the heading, up to the next rule."""
    lines = text_of(output).splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(heading, line)), None)
    expect(start is not None, output, f"no heading like {heading}")
    assert start is not None  # noqa: S101 - expected above
    rules = [n for n in range(start, len(lines)) if _RULE.fullmatch(lines[n])]
    expect(len(rules) > 1, output, "the table does not end")
    return [line for line in lines[rules[0] + 1 : rules[1]] if line.strip()]


def counted(output: Output, count: int, label: str) -> None:
    """The device's own count of `label` is what was understood.

    Raises:
        Unparsed: it states another, or none.
    """
    stated = re.search(rf"(?m)^\s*{label}\s*:\s*(\d+)", text_of(output))
    stated = understood(stated, output, f"no count of {label}")
    expect(int(stated[1]) == count, output, f"{stated[1]} stated, {count} understood")


def nothing(output: Output) -> bool:
    """Whether the device says that there is nothing, or nothing to ask of."""
    return bool(_NOTHING.search(output.text))


_CUT = re.compile(r"\s{2,}(?=[A-Z][\w /()&.'-]*?\s*: )")


def pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Every `Name : value`, of lines that hold one or two."""
    for line in lines:
        if ":" not in line:
            continue
        beside = line[_SECOND - 8 :]
        cut = _CUT.search(beside) if ": " in beside else None
        parts = [line]
        if cut and " : " in line[: _SECOND - 8 + cut.start()] + " ":
            at = _SECOND - 8 + cut.start()
            parts = [line[:at], line[at:]]
        for part in parts:
            match = _PAIR.match(part.strip())
            if match:
                yield match["name"].strip(), match["value"].strip()
