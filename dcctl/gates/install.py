"""Installed software: the device says what runs. What should run is reconciled elsewhere."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, passed, unknown
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    if before is None:
        return ()
    if after is None:
        return (failed("running", N_("was {before}, and is gone"), before.running, None),)
    if not after.running:
        return (unknown("running", N_("was {before}, and nothing is told now"), before.running),)
    return (passed("running", N_("{after}, was {before}"), before.running, after.running),)


GATE = Gate(
    topic="install",
    title=N_("The device knows what software it runs"),
    compare=_compare,
    settle_s=300,
)
