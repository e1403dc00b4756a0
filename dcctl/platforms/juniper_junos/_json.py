"""The JSON of Junos itself: a value lies in a list of one `{"data": ...}`, or stands plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dcctl.platforms._parsing import expect, json_of, text_of

if TYPE_CHECKING:
    from dcctl.contracts import Output


def every(data: Any, name: str) -> Iterator[dict[str, Any]]:
    """Every element `name` anywhere below `data`, but not inside another of that name."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == name:
                yield from (item for item in listed(value) if isinstance(item, dict))
            else:
                yield from every(value, name)
    elif isinstance(data, list):
        for item in data:
            yield from every(item, name)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text(element: dict[str, Any], *path: str) -> str:
    """The text at `path` below `element`; empty where there is none."""
    found: Any = element
    for name in path:
        found = listed(found.get(name, [{}]))[0] if isinstance(found, dict) else {}
    if isinstance(found, dict):
        found = found.get("data", "")
    return str(found).strip()


def present(element: dict[str, Any], *path: str) -> bool:
    """Whether there is anything at `path`."""
    found: Any = element
    for name in path:
        if not isinstance(found, dict) or name not in found:
            return False
        found = listed(found[name])[0]
    return True


_ABSENT = re.compile(
    r"\s*(?:warning: )?\w[\w ,.'/-]{0,80}\b(?:(?:is|are) )?not (?:running|configured|enabled)\b"
    r"[\w ,.'-]{0,60}\s*"
)


def absent(output: Output) -> bool:
    """Whether the router says, properly, that there is nothing of the kind."""
    said = text_of(output)
    return not said.strip() or bool(_ABSENT.fullmatch(said))


def root_of(output: Output, name: str) -> dict[str, Any] | None:
    """The answer's element `name`; None for an answer that is properly empty."""
    if absent(output) or re.fullmatch(r"\s*\{\s*\}\s*", output.text):
        return None
    data = json_of(output)
    found = next(every(data, name), None)
    expect(found is not None, output, f"no {name}")
    return found
