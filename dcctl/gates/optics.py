"""Optics: light received and sent on each lane, in dB and by its distance from the alarms.

What lies between two ends is compared by `dcctl.gates.span`, which needs both ends' readings.
"""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, items, paired, passed, present
from dcctl.gates._light import PARAMETERS, received, sent
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    found: list[Verdict] = []
    for subject, was, is_ in paired(items(before), items(after), _key):
        if was is None:
            found.append(passed(subject, N_("new: {after}"), None, is_.rx_dbm if is_ else None))
        elif is_ is None:
            found.append(failed(subject, N_("was {before}, and is gone"), was.rx_dbm, None))
        else:
            found += present(
                received(f"{subject} rx", was, is_, terms), sent(f"{subject} tx", was, is_, terms)
            )
    return tuple(found)


def _key(one: Any) -> tuple[Any, ...]:
    return (one.interface, f"lane {one.lane}" if one.lane else "")


GATE = Gate(
    topic="optics",
    title=N_("Light is as strong as before"),
    compare=_compare,
    parameters=PARAMETERS,
    settle_s=180,  # amplifiers and coherent modules find their power slowly
)
