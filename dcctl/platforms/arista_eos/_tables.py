"""Default routes of EOS, VRF by VRF, from its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.default_routes import DefaultRoute, DefaultRoutes
from dcctl.platforms._parsing import expect
from dcctl.platforms.arista_eos._answers import data_of, part, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

COMMANDS = ("show ip route vrf all 0.0.0.0/0 | json",)
_DEFAULT = "0.0.0.0/0"


def default_routes(outputs: Sequence[Output]) -> DefaultRoutes:
    """A VRF without one has no routes in this answer."""
    output = outputs[0]
    vrfs = part(output, data_of(output, "vrfs"), "vrfs")
    expect(vrfs, output, "no VRF")
    items = []
    for name, vrf in vrfs.items():
        routes = part(output, vrf, "routes")
        expect(not (routes.keys() - {_DEFAULT}), output, f"{name}: another route")
        if _DEFAULT in routes:
            ways = parts(output, part(output, routes, _DEFAULT), "vias") or [{}]
            items += [
                DefaultRoute(
                    family="ipv4",
                    via=str(way.get("nexthopAddr", "")),
                    interface=str(way.get("interface", "")),
                    table=name,
                )
                for way in ways
            ]
    return DefaultRoutes(items=tuple(items), tables=tuple(vrfs))
