"""NTP: the clock follows a source as before."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, members, passed, present, unknown
from dcctl.model.condition import is_number
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    if before is None:
        return ()
    if after is None:
        return (failed("clock", N_("was {before}, and is gone"), _word(before), None),)
    servers = members(
        before.servers,
        after.servers,
        key=lambda one: ("server", one),
        up=lambda _one: True,
        state=lambda _one: "configured",
    )
    lost = before.synchronised and not after.synchronised
    message = N_("was {before}, is {after}") if lost else N_("is {after}, was {before}")
    verdict = (failed if lost else passed)("clock", message, _word(before), _word(after))
    return (verdict, *present(_offset(before, after, terms)), *servers)


def _offset(before: Any, after: Any, terms: Terms) -> Verdict | None:
    was, is_ = before.offset_s, after.offset_s
    if was is None or not after.synchronised:
        return None
    if not is_number(was) or not is_number(is_):
        return unknown("offset", N_("no usable reading: {before}, then {after}"), was, is_)
    limit = terms.parameters["max_offset_s"]
    if abs(is_) > limit and abs(is_) > abs(was):
        message = N_("{after} s off, was {before} s; the limit is {limit} s")
        return failed("offset", message, was, is_, limit=limit)
    return passed("offset", N_("{after}, was {before}"), was, is_)


def _word(fact: Any) -> str:
    return "synchronised" if fact.synchronised else "unsynchronised"


GATE = Gate(
    topic="time_sync",
    title=N_("The clock follows its source again"),
    compare=_compare,
    parameters={"max_offset_s": 0.5},
    settle_s=1200,
)
