"""Bonds, from /proc/net/bonding."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.lag import Lag, LagMember, Lags


def parse(data: Any) -> Lags | None:
    """None where nothing is bonded."""
    items = tuple(_bond(name, text) for name, text in data["bonds"].items())
    return Lags(items=items) if items else None


def _bond(name: str, text: str) -> Lag:
    head, *parts = re.split(r"(?m)^Slave Interface: ", text)
    current = re.search(r"(?m)^Currently Active Slave: (\S+)", head)
    aggregator = re.search(r"(?m)^\s+Aggregator ID: (\d+)", head)
    members = []
    for part in parts:
        interface = part.split("\n", 1)[0].strip()
        state = _mii(part)
        own = re.search(r"(?m)^Aggregator ID: (\d+)", part)
        active = state == "up" and (
            not aggregator or not own or own.group(1) == aggregator.group(1)
        )
        if current and current.group(1) == interface:
            state = f"{state}, in use"
        members.append(LagMember(interface=interface, active=active, state=state))
    return Lag(
        name=name,
        up=_mii(head) == "up",
        members=tuple(members),
        protocol="lacp" if "802.3ad" in head else "static",
    )


def _mii(text: str) -> str:
    found = re.search(r"(?m)^MII Status: (.+)$", text)
    if not found:
        message = "no MII status"
        raise ValueError(message)
    return found.group(1).strip()


PARSE = parse
