"""The resources that an answer holds, and values of them that are what the schema says, or nothing.

A property that a service leaves out is one that it does not offer; `null` is one that it does not
know at the moment (DSP0266). Neither is ever a false, a zero or a word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dcctl.contracts import Collector, Output
from dcctl.errors import Unparsed
from dcctl.text import N_

Resource = Mapping[str, Any]
Resources = Mapping[str, Resource]  # by path


def collector(
    topic: str, commands: tuple[str, ...], parse: Callable[[Sequence[Resources]], Any]
) -> Collector:
    """A collector whose `parse` gets the resources of each command; what does not fit is told."""

    def parsed(outputs: Sequence[Output]) -> Any:
        failed = next((output for output in outputs if output.failed), None)
        if failed is not None:
            raise Unparsed(N_("{error}"), error=failed.text[-300:])
        try:
            return parse([json.loads(output.text) for output in outputs])
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unparsed(
                N_("the management controller tells something unexpected of {topic}: {error}"),
                topic=topic,
                error=f"{type(error).__name__}: {error}",
            ) from error

    return Collector(topic=topic, commands=commands, parse=parsed)


def name_of(path: str, above: int = 0) -> str:
    """The last part of a path, or one above it."""
    return path.strip("/").split("/")[-1 - above]


def text(resource: Resource, key: str) -> str:
    """A text; empty where it is not told."""
    return _of(resource, key, str) or ""


def flag(resource: Resource, key: str) -> bool | None:
    """Yes or no; None where it is not told."""
    found: bool | None = _of(resource, key, bool)
    return found


def whole(resource: Resource, key: str) -> int | None:
    """A whole number; None where it is not told."""
    found = _of(resource, key, (int, float))
    return None if found is None else int(found)


def part(resource: Resource, key: str) -> Resource:
    """An object within; an empty one where it is not told."""
    return _of(resource, key, dict) or {}


def parts(resource: Resource, key: str) -> Iterator[Resource]:
    """The objects of a list; a place in it may be `null`."""
    for item in _of(resource, key, list) or ():
        if item is not None:
            yield _fits(item, key, dict)


def _of(resource: Resource, key: str, kind: Any) -> Any:
    value = resource.get(key)
    return None if value is None else _fits(value, key, kind)


def _fits(value: Any, key: str, kind: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        message = f"{key} is {value!r:.60}"
        raise TypeError(message)
    return value
