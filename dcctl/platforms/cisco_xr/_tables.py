"""Default routes of IOS XR, of the global table and of every VRF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.default_routes import DefaultRoute, DefaultRoutes
from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

COMMANDS = ("show route 0.0.0.0/0", "show route vrf all 0.0.0.0/0")
_HEADING = re.compile(r"^VRF: (\S+)[ \t]*$", re.MULTILINE)
# What stands above the first VRF, or in its place: the time, and that there is none.
_BEFORE = re.compile(
    r"\s*(?:\w{3} \w{3} +\d+ \d\d:\d\d:\d\d\.\d+ .*\s*)?(?:% Network not in table\s*)?"
)
_PATH = re.compile(
    r"^ {4}(?P<via>[\d.]+|directly connected)(?:,.*?\bvia (?P<port>\S+))?.*$", re.MULTILINE
)


def default_routes(outputs: Sequence[Output]) -> DefaultRoutes:
    """`vrf all` leaves the global table out; `**iid` and the like are the router's own."""
    first, second = (text_of(output).replace("\r", "") for output in outputs)
    expect(not _HEADING.search(first), outputs[0], "a VRF's table, not the global one")
    parts = _HEADING.split(second)
    tables = {"default": (outputs[0], first)}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if not name.startswith("*"):
            tables[name] = (outputs[1], body)
    expect(_BEFORE.fullmatch(parts[0]), outputs[1], "no VRF")
    return DefaultRoutes(
        items=tuple(one for name, told in tables.items() for one in _routes(name, *told)),
        tables=tuple(tables),
    )


def _routes(table: str, output: Output, body: str) -> Iterator[DefaultRoute]:
    if re.search(r"^% Network not in table\s*$", body, re.MULTILINE):
        return
    expect("Routing entry for 0.0.0.0/0" in body, output, f"{table}: neither a route nor none")
    blocks = body.partition("Routing Descriptor Blocks")[2]
    paths = list(_PATH.finditer(blocks))
    expect(paths, output, f"{table}: a route without a path")
    for path in paths:
        via = "" if path["via"].startswith("directly") else path["via"]
        yield DefaultRoute(family="ipv4", via=via, interface=path["port"] or "", table=table)
