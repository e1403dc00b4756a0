"""What Junos answers about a default route, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY, Tree, values
from dcctl.lab.systems.juniper_junos.scene import cell


def instances(scene: Scene) -> Iterator[tuple[str, Tree]]:
    """(table, its instance's section): the main one, and each instance's that is in use.

    `mgmt_junos` is one only once `system management-instance` says so.
    """
    yield "inet.0", scene.tree
    own = "management-instance" in scene.tree.get("system", EMPTY)
    stated = scene.tree.get("routing-instances", EMPTY)
    for name, below in {**({"mgmt_junos": EMPTY} if own else {}), **stated}.items():
        if name != "mgmt_junos" or own:
            yield f"{name}.inet.0", below


def _hop(below: Tree) -> str:
    static = below.get("routing-options", EMPTY).get("static", EMPTY)
    found = values(static.get("route 0.0.0.0/0", EMPTY), "next-hop")
    return next(iter(found), "")


def default_routes(scene: Scene) -> str:
    """`show route 0.0.0.0/0 exact`."""
    rows = []
    for name, below in instances(scene):
        hop = _hop(below)
        if hop:
            rows += [
                "",
                f"{name}: 3 destinations, 3 routes (3 active, 0 holddown, 0 hidden)",
                "+ = Active Route, - = Last Active, * = Both",
                "",
                "0.0.0.0/0          *[Static/5] 2d 00:00:00",
                f"                    >  to {hop} via fxp0.0",
            ]
    return "\n".join([*rows, ""])


def default_routes_data(scene: Scene) -> Any:
    """`show route 0.0.0.0/0 exact` as JSON data."""
    tables = []
    for name, below in instances(scene):
        hop = _hop(below)
        if not hop:
            continue
        entry = {
            "active-tag": cell("*"),
            "protocol-name": cell("Static"),
            "preference": cell(5),
            "nh": [
                {"selected-next-hop": [{"data": [None]}], "to": cell(hop), "via": cell("fxp0.0")}
            ],
        }
        tables.append(
            {
                "comment": "keepalive",
                "table-name": cell(name),
                "destination-count": cell(3),
                "total-route-count": cell(3),
                "active-route-count": cell(3),
                "holddown-route-count": cell(0),
                "hidden-route-count": cell(0),
                "rt": [
                    {
                        "attributes": {"junos:style": "brief"},
                        "rt-destination": cell("0.0.0.0/0"),
                        "rt-entry": [entry],
                    }
                ],
            }
        )
    return {"route-information": [{"route-table": tables} if tables else {}]}
