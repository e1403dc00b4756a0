"""Version: the same element as before; whether its release is the wanted one is said elsewhere."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, passed, present, same, unknown
from dcctl.text import N_

_SAME = ("os", "vendor", "model", "serial", "hostname")


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    if before is None:
        return ()
    if after is None:
        return (failed("release", N_("was {before}, and is gone"), before.release, None),)
    if after.release:
        release = passed("release", N_("{after}, was {before}"), before.release, after.release)
    else:
        release = unknown("release", N_("was {before}, and nothing is told now"), before.release)
    return (
        release,
        *present(*(same(what, getattr(before, what), getattr(after, what)) for what in _SAME)),
    )


GATE = Gate(topic="version", title=N_("It is the same element as before"), compare=_compare)
