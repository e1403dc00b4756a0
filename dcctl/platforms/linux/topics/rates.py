"""Rates of a server's interfaces: the kernel's counters read twice, with the time between."""

from __future__ import annotations

from typing import Any

from dcctl.facts.rates import InterfaceRate, Rates


def parse(data: Any) -> Rates | None:
    """Of every interface that was there both times, unless a counter went back."""
    first, second = data["first"], data["second"]
    seconds = float(second["at"]) - float(first["at"])
    if seconds <= 0:
        raise ValueError("no time has passed between the readings")
    items = []
    for name, now in sorted(second["bytes"].items()):
        was = first["bytes"].get(name)
        if name == "lo" or was is None or now[0] < was[0] or now[1] < was[1]:
            continue
        received, sent = (round((now[i] - was[i]) * 8 / seconds) for i in (0, 1))
        items.append(InterfaceRate(interface=name, in_bps=received, out_bps=sent))
    return Rates(items=tuple(items), over_s=round(seconds, 3)) if items else None


PARSE = parse
