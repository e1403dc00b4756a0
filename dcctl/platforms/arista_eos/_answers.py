"""EOS answers with `| json`: which of them say that a command has nothing to tell here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Output
from dcctl.platforms._configuration import complete
from dcctl.platforms._parsing import expect, json_of

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a box without that hardware, or without that protocol, answers in place of JSON.
_ABSENT = re.compile(
    r"% (?:Unavailable command|Not supported|This command is not supported|.* is not (?:running|"
    r"configured|enabled))",
    re.IGNORECASE,
)


def absent(output: Output) -> bool:
    """Whether the box says that it has no such thing."""
    if output.failed and "% Invalid" in output.text:
        return True
    return bool(_ABSENT.search(output.text[:400]))


def data_of(output: Output, key: str) -> dict[str, Any]:
    """The answer's JSON object; `key` must be in it, since another command's JSON lacks it.

    Raises:
        Unparsed: the command failed, it is no JSON, or it lacks the key.
    """
    data = json_of(output)
    expect(isinstance(data, dict), output, "no JSON object")
    # EOS tells errors as JSON too.
    expect("errors" not in data, output, str(data.get("errors"))[:100])
    expect(key in data, output, f"no {key} in it")
    return dict(data)


def part(output: Output, data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object inside the answer.

    Raises:
        Unparsed: it isn't one.
    """
    inner = data.get(key) if isinstance(data, dict) else None
    expect(isinstance(inner, dict), output, f"no {key} in it")
    return dict(inner or {})


def parts(output: Output, data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects inside the answer; empty where EOS leaves it out.

    Raises:
        Unparsed: it is something else.
    """
    inner = data.get(key, [])
    fits = isinstance(inner, list) and all(isinstance(one, dict) for one in inner)
    expect(fits, output, f"{key} is no list")
    return list(inner)


def word(output: Output, data: Mapping[str, Any], key: str) -> str:
    """A text inside the answer.

    Raises:
        Unparsed: it isn't there, or is something else.
    """
    found = data.get(key)
    expect(isinstance(found, str) and found, output, f"no {key} in it")
    return str(found)


def whole(output: Output, data: Mapping[str, Any], key: str) -> int | None:
    """An integer inside the answer, None where EOS gives none.

    Raises:
        Unparsed: it is something else.
    """
    found = data.get(key)
    fits = found is None or (isinstance(found, (int, float)) and not isinstance(found, bool))
    expect(fits, output, f"{key} is no number")
    return None if found is None else int(found)


def decimal(output: Output, data: Mapping[str, Any], key: str) -> float | None:
    """A number inside the answer, None where EOS gives none.

    Raises:
        Unparsed: it is something else.
    """
    found = data.get(key)
    fits = found is None or (isinstance(found, (int, float)) and not isinstance(found, bool))
    expect(fits, output, f"{key} is no number")
    return None if found is None else float(found)


def running(output: Output) -> str:
    """The whole running configuration; one that was cut off says nothing about what it lacks.

    Raises:
        Unparsed: it doesn't end, or is no configuration.
    """
    return complete(output, r"^hostname \S", r"^end\s*\Z")
