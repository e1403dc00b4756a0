"""Default routes of IOS XE: each routing table says what its gateway of last resort is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.default_routes import DefaultRoute, DefaultRoutes
from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

# Two looks: a pattern of this filter that is safe to send can't say "this or that".
COMMANDS = (
    "show ip route vrf * | include Routing Table:",
    "show ip route vrf * | include Gateway of last resort",
)
_NAME = re.compile(r"Routing Table: (\S+)")
_LAST = re.compile(r"Gateway of last resort is (?:not set|(\S+) to network 0\.0\.0\.0)")


def default_routes(outputs: Sequence[Output]) -> DefaultRoutes:
    """Of the global table, which has no heading, and of each VRF's, in their order."""
    found = []
    for output, shape in zip(outputs, (_NAME, _LAST), strict=True):
        lines = [line.strip() for line in text_of(output).splitlines() if line.strip()]
        matches = [shape.fullmatch(line) for line in lines]
        expect(all(matches), output, "another line")
        found.append([match[1] or "" for match in matches if match])
    names, gateways = found
    without_heading = len(gateways) - len(names)
    expect(gateways and without_heading in (0, 1), outputs[1], "not one gateway for each table")
    tables = [*["default"] * without_heading, *names]
    return DefaultRoutes(
        items=tuple(
            DefaultRoute(family="ipv4", via=gateway, table=table)
            for table, gateway in zip(tables, gateways, strict=True)
            if gateway
        ),
        tables=tuple(tables),
    )
