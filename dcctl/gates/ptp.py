"""PTP: locked as before, to the same grandmaster, at a small offset."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, passed, present, same, unknown
from dcctl.model.condition import is_number
from dcctl.text import N_

_LOCKED = ("locked", "phase_locked")


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    if before is None:
        return () if after is None else (passed("clock", N_("new: {after}"), None, after.state),)
    if after is None:
        return (failed("clock", N_("was {before}, and is gone"), before.state, None),)
    grandmaster = terms.parameters["same_grandmaster"]
    return present(
        _state(before.state, after.state),
        same("profile", before.profile, after.profile),
        same("domain", before.domain, after.domain),
        same("grandmaster", before.grandmaster, after.grandmaster) if grandmaster else None,
        _offset(before.offset_ns, after.offset_ns, terms),
    )


def _state(was: str, is_: str) -> Verdict:
    if not is_:
        return unknown("clock", N_("was {before}, and nothing is told now"), was, is_)
    if was in _LOCKED and is_ not in _LOCKED:
        return failed("clock", N_("was {before}, is {after}"), was, is_)
    if was not in _LOCKED:
        return passed("clock", N_("was not locked before: {before}"), was, is_)
    return passed("clock", N_("is {after}, was {before}"), was, is_)


def _offset(was: float | None, is_: float | None, terms: Terms) -> Verdict | None:
    if was is None and is_ is None:
        return None
    if was is None or is_ is None or not is_number(was) or not is_number(is_):
        return unknown("offset", N_("no usable reading: {before}, then {after}"), was, is_)
    limit = terms.parameters["max_offset_ns"]
    if abs(is_) > limit and abs(is_) > abs(was):
        message = N_("{after} ns off, was {before} ns; the limit is {limit} ns")
        return failed("offset", message, was, is_, limit=limit)
    return passed("offset", N_("{after} ns, was {before} ns"), was, is_)


GATE = Gate(
    topic="ptp",
    title=N_("The PTP clock is locked again"),
    compare=_compare,
    parameters={"max_offset_ns": 1000.0, "same_grandmaster": True},
    settle_s=1800,
)
