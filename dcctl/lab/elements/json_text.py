"""JSON as devices print it, indented: what `json.dumps(data, indent=…)` gives, in less time."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def indented(data: Any, indent: int = 4) -> str:
    """`data` (with strings for names) as text; Python's own writer does this token by token."""
    parts: list[str] = []
    _write(data, "\n", " " * indent, parts.append)
    return "".join(parts)


def _write(data: Any, line: str, indent: str, write: Callable[[str], None]) -> None:
    kind = type(data)
    if kind is str:
        write(quoted(data))
    elif kind is dict and data:
        inner = line + indent
        before = "{" + inner
        for name, item in data.items():
            if type(item) is str:
                write(f"{before}{quoted(name)}: {quoted(item)}")
            else:
                write(f"{before}{quoted(name)}: ")
                _write(item, inner, indent, write)
            before = "," + inner
        write(line + "}")
    elif (kind is list or kind is tuple) and data:
        _write_list(data, line, indent, write)
    elif kind is int:
        write(str(data))
    elif data is True or data is False:
        write("true" if data else "false")
    else:
        write(json.dumps(data))


def _write_list(data: Sequence[Any], line: str, indent: str, write: Callable[[str], None]) -> None:
    inner = line + indent
    before = "[" + inner
    for item in data:
        if type(item) is dict and len(item) == 1:  # `{"data": "…"}`: most of what Junos prints
            [(name, text)] = item.items()
            if type(text) is str:
                write(f"{before}{{{inner}{indent}{quoted(name)}: {quoted(text)}{inner}}}")
                before = "," + inner
                continue
        write(before)
        _write(item, inner, indent, write)
        before = "," + inner
    write(line + "]")
