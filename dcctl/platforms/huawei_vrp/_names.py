"""How VRP shortens the names of interfaces in its tables."""

from __future__ import annotations

import re

_LONG = {
    "Eth": "Ethernet",
    "GE": "GigabitEthernet",
    "XGE": "XGigabitEthernet",
    "Loop": "LoopBack",
    "ET": "Eth-Trunk",
    "MEth": "MEth",
}
_NAME = re.compile(r"([A-Za-z-]+?)(\d[\d/.:]*)(?:\(\w+\))?")


def long_name(text: str) -> str:
    """The name as the configuration has it: `GE0/1/0(10G)` is GigabitEthernet0/1/0."""
    found = _NAME.fullmatch(text)
    if found is None:
        return re.sub(r"\(\w+\)$", "", text)
    return _LONG.get(found[1], found[1]) + found[2]
