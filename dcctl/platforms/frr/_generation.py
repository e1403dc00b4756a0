"""The name of a configuration generation, which the configuration itself holds.

FRR shows no name of the file it was started with. An `ip prefix-list` with a description alone
filters nothing, is kept by every daemon that may read it, and survives `write memory`.
"""

from __future__ import annotations

import re

MARK = "ip prefix-list DCCTL-GENERATION description"
_GENERATION = re.compile(rf"(?m)^{MARK} (\S+)\s*$")


def generation(configuration: str) -> str:
    """The name that a configuration, or a part of it, says of itself; empty: it has none."""
    found = _GENERATION.search(configuration)
    return found[1] if found else ""


def named(configuration: str, name: str) -> str:
    """`configuration` as the file of a generation that says its own name."""
    kept = [line for line in configuration.rstrip().splitlines() if not line.startswith(MARK)]
    if kept and kept[-1].strip() == "end":
        kept.pop()
    return "\n".join((*kept, "!", f"{MARK} {name}", "!", ""))
