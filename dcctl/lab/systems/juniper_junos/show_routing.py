"""What Junos answers about OSPF neighbours and how many routes there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import OspfState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import EMPTY, Tree, sections
from dcctl.lab.systems.juniper_junos.intent import intent
from dcctl.lab.systems.juniper_junos.scene import cell
from dcctl.lab.systems.juniper_junos.show_interfaces import oper, physical
from dcctl.lab.systems.juniper_junos.show_tables import instances

_STOPPED = "OSPF instance is not running\n"
# No routes are modelled: each neighbour of an IGP stands for this many.
_ROUTES_A_NEIGHBOUR = 3

# (protocol, routes, active routes)
Count = tuple[str, int, int]


def _ospf_runs(scene: Scene) -> bool:
    ospf = scene.tree.get("protocols", EMPTY).get("ospf", EMPTY)
    return bool(ospf) and "disable" not in ospf


def _dead(scene: Scene, one: OspfState) -> int:
    return 31 + int(spread(f"{one.port} {int(scene.around.now)}", 0, 8))


def ospf(scene: Scene) -> str:
    """`show ospf neighbor`."""
    if not _ospf_runs(scene):
        return _STOPPED
    if not scene.around.ospf:
        return ""
    rows = ["Address          Interface              State           ID               Pri  Dead"]
    rows += [
        f"{one.address:<16} {one.port + '.0':<22} {one.state.title():<15} {one.router_id:<16} "
        f"{128:>3} {_dead(scene, one):>5}"
        for one in scene.around.ospf
    ]
    return "\n".join([*rows, ""])


def ospf_data(scene: Scene) -> Any:
    """`show ospf neighbor` as JSON data."""
    if not _ospf_runs(scene):
        return _STOPPED
    found = [
        {
            "neighbor-address": cell(one.address),
            "interface-name": cell(f"{one.port}.0"),
            "ospf-neighbor-state": cell(one.state.title()),
            "neighbor-id": cell(one.router_id),
            "neighbor-priority": cell(128),
            "activity-timer": cell(_dead(scene, one)),
        }
        for one in scene.around.ospf
    ]
    return {"ospf-neighbor-information": [{"ospf-neighbor": found} if found else {}]}


def _inet(scene: Scene) -> Iterator[Count]:
    direct = local = 0
    for name, below in physical(scene):
        up = oper(scene, name, below)[1]
        for _, unit in sections(below, "unit"):
            for address, _ in sections(unit.get("family inet", EMPTY), "address"):
                direct += up
                # The address of a loopback is a direct route and no local one.
                local += not address.endswith("/32")
    yield "Direct", direct, direct
    yield "Local", local, local
    around = scene.around
    best = max((one.prefixes for one in around.bgp), default=0)
    yield "BGP", sum(one.prefixes for one in around.bgp), best
    static = scene.tree.get("routing-options", EMPTY).get("static", EMPTY)
    count = sum(1 for _ in sections(static, "route"))
    yield "Static", count, count
    for name, neighbours in (("IS-IS", around.adjacencies), ("OSPF", around.ospf)):
        yield name, _ROUTES_A_NEIGHBOUR * len(neighbours), _ROUTES_A_NEIGHBOUR * len(neighbours)


def _beside(instance: Tree) -> list[Count]:
    """The routes of an instance with one port."""
    static = instance.get("routing-options", EMPTY).get("static", EMPTY)
    count = sum(1 for _ in sections(static, "route"))
    return [("Direct", 1, 1), ("Local", 1, 1), ("Static", count, count)]


def _tables(scene: Scene) -> list[tuple[str, list[Count]]]:
    labels = len(scene.around.ldp)
    tables = [
        ("inet.0", list(_inet(scene))),
        ("inet.3", [("LDP", labels, labels)]),
        *((name, _beside(below)) for name, below in instances(scene) if name != "inet.0"),
        ("mpls.0", [("MPLS", 4, 4), ("LDP", 2 * labels, 2 * labels)] if labels else []),
    ]
    kept = [(name, [one for one in counts if one[1]]) for name, counts in tables]
    return [(name, counts) for name, counts in kept if counts]


def routes(scene: Scene) -> str:
    """`show route summary`."""
    wanted = intent(scene.element.chassis, scene.tree)
    rows = [f"Autonomous system number: {wanted.asn}"] if wanted.asn else []
    rows += [f"Router ID: {wanted.router_id}"]
    for name, counts in _tables(scene):
        total, active = sum(one[1] for one in counts), sum(one[2] for one in counts)
        rows += [
            "",
            f"{name}: {active} destinations, {total} routes ({active} active, 0 holddown, 0 hidden)",
        ]
        rows += [
            f"{protocol:>20}: {count:>6} routes, {best:>6} active"
            for protocol, count, best in counts
        ]
    return "\n".join([*rows, ""])


def routes_data(scene: Scene) -> Any:
    """`show route summary` as JSON data."""
    wanted = intent(scene.element.chassis, scene.tree)
    tables = []
    for name, counts in _tables(scene):
        total, active = sum(one[1] for one in counts), sum(one[2] for one in counts)
        tables.append(
            {
                "table-name": cell(name),
                "destination-count": cell(active),
                "total-route-count": cell(total),
                "active-route-count": cell(active),
                "holddown-route-count": cell(0),
                "hidden-route-count": cell(0),
                "protocols": [
                    {
                        "protocol-name": cell(protocol),
                        "protocol-route-count": cell(count),
                        "active-route-count": cell(best),
                    }
                    for protocol, count, best in counts
                ],
            }
        )
    body: dict[str, Any] = {"as-number": cell(wanted.asn)} if wanted.asn else {}
    body |= {"router-id": cell(wanted.router_id), "route-table": tables}
    return {"route-summary-information": [body]}
