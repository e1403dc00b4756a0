"""Default routes of Junos: which tables there are, and which of them have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.default_routes import DefaultRoute, DefaultRoutes
from dcctl.platforms._parsing import expect
from dcctl.platforms.juniper_junos._json import every, root_of, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

COMMANDS = (
    "show route summary | display json",
    "show route 0.0.0.0/0 exact | display json",
)
_IPV4 = "inet.0"


def default_routes(outputs: Sequence[Output]) -> DefaultRoutes:
    """The second answer names only tables that have the route; the first names all."""
    summary = root_of(outputs[0], "route-summary-information")
    known = [text(one, "table-name") for one in every(summary or {}, "route-table")]
    names = [name for name in known if name == _IPV4 or name.endswith(f".{_IPV4}")]
    expect(names, outputs[0], "no table of IPv4")
    found = root_of(outputs[1], "route-information")
    items = []
    for one in every(found or {}, "route-table"):
        table = text(one, "table-name")
        expect(table in names, outputs[1], f"{table} is not among the tables")
        for route in every(one, "rt"):
            expect(text(route, "rt-destination") == "0.0.0.0/0", outputs[1], "another route")
            hops = list(every(route, "nh")) or [{}]
            items += [
                DefaultRoute(
                    family="ipv4",
                    via=text(hop, "to"),
                    interface=text(hop, "via"),
                    table=_vrf(table),
                )
                for hop in hops
            ]
    return DefaultRoutes(items=tuple(items), tables=tuple(_vrf(name) for name in names))


def _vrf(table: str) -> str:
    return "default" if table == _IPV4 else table.removesuffix(f".{_IPV4}")
