"""Default routes of NX-OS, VRF by VRF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.default_routes import DefaultRoute, DefaultRoutes
from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

COMMANDS = ("show ip route 0.0.0.0/0 vrf all",)
_HEADING = re.compile(r'^IP Route Table for VRF "([^"]+)"[ \t]*$', re.MULTILINE)
_LEGEND = re.compile(r"'.*' (?:denotes|in via output denotes) .*")
_PATH = re.compile(r"\*{0,2}via (?P<via>[^\s,%]+)(?:%\S+)?,(?: (?P<port>[A-Z]\S*),)? \[.*")


def default_routes(outputs: Sequence[Output]) -> DefaultRoutes:
    """Of each VRF: its paths, or `Route not found`."""
    output = outputs[0]
    head, *parts = _HEADING.split(text_of(output).replace("\r", ""))
    expect(parts and not head.strip(), output, "no table")
    bodies = dict(zip(parts[::2], parts[1::2], strict=True))
    return DefaultRoutes(
        items=tuple(one for name, body in bodies.items() for one in _routes(output, name, body)),
        tables=tuple(bodies),
    )


def _routes(output: Output, table: str, body: str) -> Iterator[DefaultRoute]:
    lines = [line.strip() for line in body.splitlines()]
    lines = [line for line in lines if line and not _LEGEND.fullmatch(line)]
    if lines == ["Route not found"]:
        return
    route = bool(lines) and lines[0].startswith("0.0.0.0/0, ubest/mbest: ")
    expect(route and len(lines) > 1, output, f"{table}: neither a route nor none")
    for line in lines[1:]:
        path = _PATH.fullmatch(line)
        expect(path, output, line[:80])
        if path:
            port = path["port"] or ""
            yield DefaultRoute(family="ipv4", via=path["via"], interface=port, table=table)
