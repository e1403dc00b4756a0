"""Interfaces: up as before, with the same speed, MTU and addresses, and without errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import (
    failed,
    grown,
    items,
    paired,
    passed,
    present,
    same,
    worst,
)
from dcctl.text import N_

_ERRORS = ("in_errors", "out_errors", "crc_errors")
_DISCARDS = ("in_discards", "out_discards")


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    found: list[Verdict] = []
    for subject, was, is_ in paired(items(before), items(after), lambda one: (one.name,)):
        if was is None:
            found.append(passed(subject, N_("new: {after}"), None, _state(is_)))
        elif is_ is None:
            found.append(failed(subject, N_("was {before}, and is gone"), _state(was), None))
        else:
            found += _interface(subject, was, is_, terms)
    return tuple(found)


def _interface(subject: str, was: Any, is_: Any, terms: Terms) -> Iterator[Verdict]:
    if was.oper_up and not is_.oper_up:
        yield failed(subject, N_("was {before}, is {after}"), _state(was), _state(is_))
        return
    yield passed(subject, N_("is {after}, was {before}"), _state(was), _state(is_))
    if was.oper_up:
        yield from present(
            _changed(f"{subject} MTU", was.mtu, is_.mtu),
            _changed(f"{subject} speed", was.speed_bps, is_.speed_bps),
        )
    for address in was.addresses:
        if address not in is_.addresses:
            message = N_("the address {address} is gone")
            yield failed(f"{subject} {address}", message, address, None, address=address)
    given = terms.parameters
    for what, names, per_s in (
        ("errors", _ERRORS, given["max_errors_per_s"]),
        ("discards", _DISCARDS, given["max_discards_per_s"]),
    ):
        counters = present(
            *(
                grown(
                    f"{subject} {what}",
                    getattr(was, name),
                    getattr(is_, name),
                    terms,
                    per_s=per_s,
                    grace=given["grace"],
                )
                for name in names
            )
        )
        if counters:
            yield worst(counters)


def _changed(subject: str, was: Any, is_: Any) -> Verdict | None:
    return None if was == is_ else same(subject, was, is_)


def _state(one: Any) -> str:
    return "shut" if not one.admin_up else "up" if one.oper_up else "down"


GATE = Gate(
    topic="interfaces",
    title=N_("Interfaces are up again, without errors"),
    compare=_compare,
    # A link that comes up counts a few errors of its own: so many are never more than that.
    parameters={"max_errors_per_s": 0.1, "max_discards_per_s": 10.0, "grace": 20},
    settle_s=300,
)
