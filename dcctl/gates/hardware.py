"""Hardware: each part that was there and well is so again, and is the same part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, items, paired, passed
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    pairs = paired(items(before), items(after), lambda one: (one.kind, one.name))
    return tuple(verdict for pair in pairs for verdict in _part(*pair))


def _part(subject: str, was: Any | None, is_: Any | None) -> Iterator[Verdict]:
    if was is None:
        if is_ is not None and not is_.ok:
            yield failed(subject, N_("new, and not well: {after}"), None, is_.state)
        elif is_ is not None:
            yield passed(subject, N_("new: {after}"), None, is_.state)
        return
    if is_ is None:
        yield failed(subject, N_("was {before}, and is gone"), was.state, None)
        return
    for what in ("model", "serial"):
        old, new = getattr(was, what), getattr(is_, what)
        if old and new and old != new:
            yield failed(f"{subject} {what}", N_("was {before}, is {after}"), old, new, settle_s=0)
    if was.ok and not is_.ok:
        yield failed(subject, N_("was {before}, is {after}"), was.state, is_.state)
    else:
        yield passed(subject, N_("is {after}, was {before}"), was.state, is_.state)


GATE = Gate(
    topic="hardware",
    title=N_("Every part is there and well again"),
    compare=_compare,
    settle_s=900,  # line cards boot after the supervisor
)
