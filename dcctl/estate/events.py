"""From the C parser's events to plain data; strict where YAML 1.1 surprises people."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs leave it out
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from dcctl.errors import Place
from dcctl.estate.faults import translate
from dcctl.estate.reading import Unusable
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.estate.complaints import Complaints

DEEPEST = 60
MOST_NODES = 3_000_000  # with aliases written out: what a "billion laughs" file runs into
_STANDARD = "tag:yaml.org,2002:"
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_MERGE = object()
_FAILED = object()


def build(text: str, shown: str, complaints: Complaints) -> Any:
    """The one document in `text`.

    Raises:
        Unusable: it is broken; `complaints` says where. Lesser faults are only added to
        `complaints`.
    """
    try:
        return _Builder(text, shown, complaints).document()
    except yaml.YAMLError as error:
        translate(error, text, shown, complaints)
        raise Unusable from error


class _Builder:
    def __init__(self, text: str, shown: str, complaints: Complaints) -> None:
        self._next = CParser(text).get_event
        self._shown = shown
        self._complaints = complaints
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._plain: dict[str, Any] = {}  # plain scalars that are innocent, seen before
        self._nodes = 0
        self._depth = 0
        self._unsafe = 0

    def document(self) -> Any:
        self._next()  # stream start
        event = self._next()
        if event.__class__ is StreamEndEvent:
            return None
        data = self._node(self._next())
        self._next()  # document end
        event = self._next()
        if event.__class__ is DocumentStartEvent:
            self._stop(event, N_("a second document starts here"), N_("one file, one document"))
        return data

    def _node(self, event: Any) -> Any:
        kind = event.__class__
        if kind is ScalarEvent:
            value = self._scalar(event)
            if event.anchor is not None:
                self._anchors[event.anchor] = (value, 1)
            return value
        if kind is AliasEvent:
            return self._alias(event)
        return self._collection(event)

    def _collection(self, event: Any) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            self._stop(event, N_("nested deeper than {limit}"), N_("flatten it"), limit=DEEPEST)
        before = self._nodes
        unsafe = event.tag == "!unsafe"
        if event.tag and not unsafe and event.tag not in (_STANDARD + "map", _STANDARD + "seq"):
            self._unknown_tag(event)
        self._unsafe += unsafe
        value = self._mapping(event) if event.__class__ is MappingStartEvent else self._sequence()
        self._unsafe -= unsafe
        self._depth -= 1
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._nodes - before + 1)
        return value

    def _mapping(self, start: Any) -> dict[str, Any]:
        data: dict[str, Any] = {}
        merged: list[Any] = []
        following = self._next
        plain = self._plain
        while (event := following()).__class__ is not MappingEndEvent:
            # The same few keys stand in every host: look the plain ones up first.
            if event.__class__ is ScalarEvent and event.implicit[0]:
                key = plain.get(event.value, _FAILED)
                if key.__class__ is not str:
                    key = self._key(event)
            else:
                key = self._key(event)
            value_event = following()
            if value_event.__class__ is ScalarEvent and value_event.anchor is None:
                value = self._scalar(value_event)
            else:
                value = self._node(value_event)
            self._nodes += 1
            if key is _MERGE:
                merged += self._merge(event, value)
            elif key in data:
                self._duplicate(event, key)
            elif key is not _FAILED:
                data[key] = value
        if self._nodes > MOST_NODES:
            self._too_many(start)
        for lower in merged:
            data = {**lower, **data}
        return data

    def _sequence(self) -> list[Any]:
        data: list[Any] = []
        while (event := self._next()).__class__ is not SequenceEndEvent:
            data.append(self._node(event))
            self._nodes += 1
            if self._nodes > MOST_NODES:
                self._too_many(event)
        return data

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            self._stop(
                event,
                N_("*{name} refers to nothing above it"),
                N_("define &{name} first"),
                name=event.anchor,
            )
        value, nodes = self._anchors[event.anchor]
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            self._too_many(event)
        return value

    def _merge(self, event: Any, value: Any) -> list[dict[str, Any]]:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            self._stop(event, N_("<< wants a mapping, or a list of mappings"), N_("correct it"))
        return parts

    def _key(self, event: Any) -> Any:
        if event.__class__ is ScalarEvent and event.implicit[0] and event.value == "<<":
            return _MERGE
        key = self._node(event)
        if isinstance(key, str):
            return key
        if event.__class__ is not ScalarEvent:
            self._stop(event, N_("a key must be text"), N_("quote it"))
        if key is not _FAILED:
            self._add(
                event,
                N_("the key {key} is not text to YAML 1.1, it is {meaning}"),
                N_('quote it: "{key}"'),
                key=event.value,
                meaning="null" if key is None else str(key).lower(),
            )
        return event.value

    def _scalar(self, event: Any) -> Any:
        value = event.value
        if event.implicit[0]:  # plain, without a tag
            known = self._plain.get(value, _FAILED)
            if known is not _FAILED and not self._unsafe:
                return known
            return self._resolve(event, value)
        tag = event.tag
        if tag is None or tag == "!" or event.implicit[1]:
            return {"__ansible_unsafe": value} if self._unsafe else value
        return self._tagged(event, tag, value)

    def _resolve(self, event: Any, value: str) -> Any:
        for tag, pattern in _RESOLVERS.get(value[:1], ()):
            if pattern.match(value):
                return self._typed(event, tag.removeprefix(_STANDARD), value)
        if self._unsafe:
            return {"__ansible_unsafe": value}
        self._plain[value] = value
        return value

    def _typed(self, event: Any, kind: str, value: str) -> Any:
        if kind == "null":
            result: Any = None
        elif kind == "bool" and value in _TRUTH:
            result = _TRUTH[value]
        elif kind == "int" and _DECIMAL.match(value):
            result = int(value)
        elif kind == "timestamp":
            return _timestamp(value)
        elif kind in ("bool", "int", "float"):
            result = _construct(kind, value)
            if kind != "float" or ":" in value or "_" in value:
                return self._trap(event, value, result)
        else:  # `=`, and `<<` as a value
            return self._trap(event, value, kind)
        self._plain[value] = result
        return result

    def _trap(self, event: Any, value: str, meaning: Any) -> Any:
        self._add(
            event,
            N_("{value} means {meaning} to YAML 1.1"),
            N_('quote it, "{value}", or write {meaning}')
            if isinstance(meaning, bool)
            else N_('quote it: "{value}"'),
            value=value,
            meaning=str(meaning).lower(),
        )
        return value

    def _tagged(self, event: Any, tag: str, value: str) -> Any:
        if tag in ("!vault", "!vault-encrypted"):
            return {"__ansible_vault": value}
        if tag == "!unsafe":
            return {"__ansible_unsafe": value}
        kind = tag.removeprefix(_STANDARD)
        if kind == "str":
            return value
        if kind in ("bool", "int", "float", "null"):
            try:
                return _construct(kind, value)
            except (ValueError, KeyError, IndexError):
                self._stop(
                    event, N_("{value} is no {kind}"), N_("correct it"), value=value, kind=kind
                )
        return self._unknown_tag(event)

    def _unknown_tag(self, event: Any) -> Any:
        return self._stop(
            event,
            N_("the tag {tag} is not known here"),
            N_("only !vault and !unsafe may be used"),
            tag=event.tag,
        )

    def _duplicate(self, event: Any, key: str) -> None:
        self._add(
            event,
            N_("the key {key} is here a second time"),
            N_("keep one of them"),
            key=key,
        )

    def _too_many(self, event: Any) -> None:
        self._stop(
            event,
            N_("aliases unfold to more than {limit} values"),
            N_("write it without nested aliases, or split the file"),
            limit=MOST_NODES,
        )

    def _add(self, event: Any, msgid: str, hint: str = "", **params: Any) -> None:
        mark = event.start_mark
        place = Place(self._shown, mark.line + 1, mark.column + 1)
        self._complaints.add(place, msgid, hint=hint, **params)

    def _stop(self, event: Any, msgid: str, hint: str = "", **params: Any) -> Any:
        self._add(event, msgid, hint, **params)
        raise Unusable


def _construct(kind: str, value: str) -> Any:
    loader = yaml.SafeLoader("")
    return loader.construct_object(yaml.ScalarNode(_STANDARD + kind, value))


def _timestamp(value: str) -> str:
    """A date or time as Ansible prints it."""
    try:
        stamp: dt.date = _construct("timestamp", value)
    except ValueError:
        return value
    return stamp.isoformat()
