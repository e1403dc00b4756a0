"""Routes: as many of each source as before, within a tolerance."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import COUNTS, counted, failed, items, paired, passed
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    pairs = paired(items(before), items(after), lambda one: (one.vrf, one.family, one.protocol))
    return tuple(_table(subject, was, is_, terms) for subject, was, is_ in pairs)


def _table(subject: str, was: Any | None, is_: Any | None, terms: Terms) -> Verdict:
    if was is None and is_ is not None:
        return passed(subject, N_("new: {after}"), None, is_.count)
    if is_ is None and was is not None:
        if not was.count:
            return passed(subject, N_("was {before}, and is gone"), was.count, None)
        return failed(subject, N_("was {before}, and is gone"), was.count, None)
    return counted(subject, getattr(was, "count", None), getattr(is_, "count", None), terms)


GATE = Gate(
    topic="routes",
    title=N_("Routes are as many as before"),
    compare=_compare,
    parameters=COUNTS,
    settle_s=600,
)
