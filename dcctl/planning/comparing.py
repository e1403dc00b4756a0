"""What became of a fact: two readings of one topic, compared field by field; pure.

Facts come as plain data, so that what an older dcctl journalled can still be compared. Lists of
items are keyed sets: an item is known again by the fields that say which one it is. How a field is
compared follows from what it is: a state, a counter, light in dBm, an error ratio, an age.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from dcctl.model.condition import decades, is_good, is_number

DB = 1.0  # dB that light may move before it is told
DECADES = 0.5  # of an error ratio before a check, in powers of ten
SHARE = 0.1  # of routes or prefixes that may go before it is worse

_IDENTITY = (
    *("name", "interface", "lane", "neighbor", "level", "vrf", "family", "protocol", "host"),
    *("severity", "source", "text"),
)
_MOVING = frozenset(
    (
        *("since", "offset_s", "offset_ns", "temperature_c", "bias_ma", "abort_timer_s"),
        *("q_margin_db", "in_bps", "out_bps", "over_s"),
    )
)
_ERRORS = ("in_errors", "out_errors", "crc_errors", "uncorrected")
_COUNTERS = (*_ERRORS, "in_discards", "out_discards", "corrected")
_COUNTS = ("prefixes_received", "count", "total")
_STATES = frozenset(
    ("state", "oper_up", "up", "ok", "active", "synchronised", "ready", "connected")
)
_TROUBLES = frozenset(("los",))
_ALARMS = "alarms"


class Verdict(StrEnum):
    """What a difference means."""

    WORSE = "worse"
    BETTER = "better"
    CHANGED = "changed"
    UNKNOWN = "unknown"  # it could not be read, once or twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference; `delta` is after minus before where both are numbers (decades of a ratio)."""

    topic: str
    item: str = ""
    field: str = ""
    before: Any = None
    after: Any = None
    delta: float | None = None
    verdict: Verdict = Verdict.CHANGED


def compare(topic: str, before: Any, after: Any) -> tuple[Difference, ...]:
    """Every difference of two facts of `topic` as plain data; None is a fact that holds nothing."""
    return tuple(_mapping(topic, "", before or {}, after or {}))


def _mapping(
    topic: str, item: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if (_listed(old) and _listed(new or ())) or (_listed(new) and old is None):
            yield from _items(topic, item, name, old or (), new or ())
        elif old != new and name not in _MOVING:
            yield from _field(topic, item, name, old, new)


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _items(
    topic: str, item: str, name: str, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Difference]:
    if any(not isinstance(one, Mapping) for one in (*before, *after)):
        for gone in [one for one in before if one not in after]:
            yield Difference(topic=topic, item=item, field=name, before=gone)
        for come in [one for one in after if one not in before]:
            yield Difference(topic=topic, item=item, field=name, after=come)
        return
    old, new = _keyed(before), _keyed(after)
    alarms = topic == _ALARMS
    for key in dict.fromkeys((*old, *new)):
        whole = " ".join(part for part in (item, key) if part)
        if key not in new:
            verdict = Verdict.BETTER if alarms else Verdict.WORSE
            yield Difference(topic=topic, item=whole, before=_brief(old[key]), verdict=verdict)
        elif key not in old:
            verdict = Verdict.WORSE if alarms else Verdict.CHANGED
            yield Difference(topic=topic, item=whole, after=_brief(new[key]), verdict=verdict)
        else:
            yield from _mapping(topic, whole, old[key], new[key])


def _keyed(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    keyed: dict[str, Mapping[str, Any]] = {}
    for one in items:
        key = " ".join(
            str(one[name]) for name in _IDENTITY if one.get(name) not in (None, "", "default", 0)
        )
        again = 2
        unique = key
        while unique in keyed:  # two that nothing tells apart are told apart by their order
            unique, again = f"{key} #{again}", again + 1
        keyed[unique] = one
    return keyed


def _brief(one: Mapping[str, Any]) -> str:
    """An item that came or went: its state, where it has one."""
    return str(next((one[name] for name in one if name in _STATES), "there"))


def _field(topic: str, item: str, name: str, old: Any, new: Any) -> Iterator[Difference]:
    numbers = _numbers(old, new)
    if name == "uptime_s":
        if numbers and new < old:  # it began anew in between
            yield _made(topic, item, name, old, new, Verdict.WORSE)
    elif name.endswith(("_dbm", "_db")):
        yield from _light(topic, item, name, old, new)
    elif name.endswith("_ber"):
        yield from _ratio(topic, item, name, old, new)
    elif name in _COUNTERS:
        worse = numbers and new > old and name in _ERRORS
        yield _made(topic, item, name, old, new, Verdict.WORSE if worse else Verdict.CHANGED)
    elif name in _COUNTS:
        fell = new is None or (numbers and new < old * (1 - SHARE))
        yield _made(topic, item, name, old, new, Verdict.WORSE if fell else Verdict.CHANGED)
    elif name in _STATES:
        yield _made(topic, item, name, old, new, _state(old, new))
    elif name in _TROUBLES:
        yield _made(topic, item, name, old, new, Verdict.WORSE if new else Verdict.BETTER)
    else:
        yield _made(topic, item, name, old, new, Verdict.CHANGED)


def _numbers(*values: Any) -> bool:
    return all(is_number(value) for value in values)


def _light(topic: str, item: str, name: str, old: Any, new: Any) -> Iterator[Difference]:
    """Light that went, fell or rose; a threshold that was set anew is only a change."""
    if "alarm" in name or "warning" in name:
        yield _made(topic, item, name, old, new, Verdict.CHANGED)
    elif old is None or new is None:
        verdict = Verdict.WORSE if new is None else Verdict.BETTER
        yield _made(topic, item, name, old, new, verdict)
    elif _numbers(old, new) and abs(new - old) >= DB:
        yield _made(topic, item, name, old, new, Verdict.WORSE if new < old else Verdict.CHANGED)


def _ratio(topic: str, item: str, name: str, old: Any, new: Any) -> Iterator[Difference]:
    """An error ratio, on its logarithm: from 1e-9 to 1e-5 is four decades worse."""
    if _numbers(old, new) and old > 0 and new > 0:
        grown = decades(old, new)
        if abs(grown) >= DECADES:
            verdict = Verdict.WORSE if grown > 0 else Verdict.BETTER
            yield replace(_made(topic, item, name, old, new, verdict), delta=grown)
    else:
        verdict = Verdict.WORSE if new else Verdict.CHANGED
        yield _made(topic, item, name, old, new, verdict)


def _state(old: Any, new: Any) -> Verdict:
    was, is_ = is_good(old), is_good(new)
    if was == is_:
        return Verdict.CHANGED
    return Verdict.WORSE if was else Verdict.BETTER


def _made(topic: str, item: str, name: str, old: Any, new: Any, verdict: Verdict) -> Difference:
    return Difference(
        topic=topic,
        item=item,
        field=name,
        before=old,
        after=new,
        delta=round(new - old, 3) if _numbers(old, new) else None,
        verdict=verdict,
    )
