"""Alarms: none that is new and severe; and silence counts only once the soak is over.

Equipment with automatic in-service (AINS; Cisco NCS 1014) raises no alarms of a port during its
soak, which begins anew at a reload: no alarm right after it proves nothing.
"""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, items, paired, passed, present, unknown
from dcctl.text import N_

_LEVELS = ("cleared", "info", "warning", "minor", "major", "critical")  # from the mildest


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    pairs = paired(items(before), items(after), lambda one: (one.source, one.text))
    alarms = tuple(_alarm(*pair, terms) for pair in pairs)
    return (*present(_soak(terms)), *alarms)


def _soak(terms: Terms) -> Verdict | None:
    """Not yet, while the declared soak may still hide alarms."""
    soak, up = terms.parameters["soak_s"], terms.uptime_s
    if not soak or terms.restarted is False or (up is not None and up >= soak):
        return None
    if up is None:
        message = N_("alarms are held back for {soak} s after a reload, and when it was is unknown")
        return unknown("soak", message, soak=soak, settle_s=soak)
    message = N_("not yet: alarms are held back for {soak} s after a reload, {left} s are left")
    return unknown("soak", message, soak=soak, left=round(soak - up), settle_s=soak)


def _alarm(subject: str, was: Any | None, is_: Any | None, terms: Terms) -> Verdict:
    old, new = was.severity if was else None, is_.severity if is_ else None
    if new is None:
        return passed(subject, N_("gone; it was {before}"), old, new)
    if new == old:
        return passed(subject, N_("stands as before: {after}"), old, new)
    if new not in _LEVELS:
        return unknown(subject, N_("new, of the unknown severity {after}"), old, new)
    milder = old in _LEVELS and _LEVELS.index(new) <= _LEVELS.index(old)
    if new in terms.parameters["severities"] and not milder:
        return failed(subject, N_("new alarm: {after}"), old, new)
    return passed(subject, N_("new, of little weight: {after}"), old, new)


GATE = Gate(
    topic="alarms",
    title=N_("No severe alarm is new"),
    compare=_compare,
    parameters={"severities": ("critical", "major"), "soak_s": 0},
    settle_s=600,
)
