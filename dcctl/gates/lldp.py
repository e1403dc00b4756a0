"""LLDP: each interface hears the same port of the same system: nothing was plugged elsewhere."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import items, members
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    return members(
        items(before),
        items(after),
        key=lambda one: (one.interface, one.system, one.port),
        up=lambda _one: True,
        state=lambda _one: "heard",
    )


GATE = Gate(
    topic="lldp", title=N_("LLDP hears the same neighbours"), compare=_compare, settle_s=180
)
