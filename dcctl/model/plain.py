"""Frozen values to plain JSON data and back, canonical bytes, digests.

Canonical JSON is RFC 8785; integers beyond 2^53 become strings, because that format can't hold
them.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import re
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_EXACT = 2**53
_ODD = "\uf8ff"  # stands before a number that Python writes otherwise than the RFC
_ODD_NUMBER = re.compile(f'"{_ODD}([^"]*)"')
_PLAIN = frozenset({str, int, float, bool, type(None)})
_WHOLE = frozenset({dict, list, type(None)})


def to_plain(value: Any) -> Any:
    """`value` (dataclasses, enums, tuples, mappings, times) as JSON data."""
    kind = type(value)
    if kind in _PLAIN:  # by far the most of what an event or a plan is made of
        return value
    if kind is dict:
        return {
            str(key): item if type(item) in _PLAIN else to_plain(item)
            for key, item in value.items()
        }
    if kind is list or kind is tuple:
        return [item if type(item) in _PLAIN else to_plain(item) for item in value]
    below = shallow(value)
    return value if below is value else to_plain(below)


def shallow(value: Any) -> Any:
    """One level of `to_plain`, for writers that go down by themselves and hold nothing whole.

    What is plain already, or a kind of number or text, is given back as it is.

    Raises:
        TypeError: there is no plain data for it.
    """
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, int | float | str) or type(value) in _WHOLE:
        return value
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, set | frozenset):
        return sorted(to_plain(item) for item in value)
    message = f"{type(value).__name__} is not plain data"
    raise TypeError(message)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def from_plain(cls: type[T], data: Any) -> T:
    """The `cls` that `to_plain` made `data` from.

    Unknown keys are an error, missing ones take their default.
    """
    build: Callable[[Any], T] = _builder(typing.cast("Any", cls))
    return build(data)


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if kind is Any or kind is None or kind is type(None):
        return lambda data: data
    if origin in (Union, types.UnionType):
        return _optional(get_args(kind))
    if origin is tuple:
        item = _builder(get_args(kind)[0])
        return lambda data: tuple(item(part) for part in data)
    if origin is frozenset:
        item = _builder(get_args(kind)[0])
        return lambda data: frozenset(item(part) for part in data)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        _, value_kind = get_args(kind)
        item = _builder(value_kind)
        return lambda data: {key: item(part) for key, part in data.items()}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind
    if kind is datetime or kind is date:
        made: Callable[[Any], Any] = kind.fromisoformat
        return made
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    return lambda data: data


def _optional(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    rest = [kind for kind in kinds if kind is not type(None)]
    build = _builder(rest[0]) if len(rest) == 1 else (lambda data: data)
    return lambda data: None if data is None else build(data)


def _dataclass(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    makers: dict[str, Callable[[Any], Any]] = {}  # made at the first use: kinds hold one another

    def build(data: dict[str, Any]) -> Any:
        if not makers:
            makers.update({name: _builder(hint) for name, hint in hints.items()})
        unknown = data.keys() - makers.keys()
        if unknown:
            message = f"{kind.__name__} has no {', '.join(sorted(unknown))}"
            raise TypeError(message)
        return kind(**{name: makers[name](value) for name, value in data.items()})

    return build


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of `value`; the same bytes everywhere.

    Python's own writer agrees with the RFC, and is many times faster, but for the order of names
    that are not ASCII and for how numbers with an exponent are written.
    """
    exact, ascii_names, odd = _exact(value)
    if ascii_names:
        text = json.dumps(exact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if text.count(_ODD) == odd:  # or somebody's text has the mark of odd numbers in it
            return (_ODD_NUMBER.sub(r"\1", text) if odd else text).encode()
    import rfc8785  # not at start-up

    return rfc8785.dumps(_exact(value, mark=False)[0])


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _exact(data: Any, *, mark: bool = True) -> tuple[Any, bool, int]:
    """`to_plain` of `data` with numbers as the format holds them; are all names ASCII; odd numbers.

    With `mark`, odd numbers are texts, as they are to be written behind a mark. One walk does both:
    a run's record has a million values.
    """
    ascii_names, odd = True, 0

    def exact(item: Any) -> Any:
        nonlocal ascii_names
        kind = type(item)
        if kind is str or kind is bool or item is None:
            return item
        if kind is dict:
            named = {
                str(k): below if type(below) is str else exact(below) for k, below in item.items()
            }
            ascii_names = ascii_names and all(map(str.isascii, named))
            return named
        if kind is list or kind is tuple:
            return [below if type(below) is str else exact(below) for below in item]
        below = item if kind is int or kind is float else shallow(item)
        if below is not item:
            return exact(below)
        return item if isinstance(item, str) else number(item)

    def number(item: float) -> Any:
        nonlocal odd
        if isinstance(item, int):
            return str(item) if abs(item) >= _EXACT else item
        kind = type(item)
        if kind is float and item.is_integer() and abs(item) < _EXACT:
            return int(item)  # 5.0 is written 5
        if not mark or (kind is float and 1e-4 <= abs(item) < 1e15):  # noqa: PLR2004 - no exponent
            return item
        odd += 1
        return _ODD + _written(item)

    return exact(data), ascii_names, odd


@lru_cache(maxsize=1024)
def _written(number: float) -> str:
    import rfc8785  # not at start-up

    return rfc8785.dumps(number).decode()
