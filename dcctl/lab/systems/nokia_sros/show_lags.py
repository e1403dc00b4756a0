"""What SR OS answers about link aggregation groups."""

from __future__ import annotations

from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.nokia_sros import show_ports
from dcctl.lab.systems.nokia_sros.intent import enabled, entries
from dcctl.lab.systems.nokia_sros.scene import SINGLE, table


def members(scene: Scene, below: Tree) -> list[tuple[str, bool, bool]]:
    """(port, administratively up, link up) of each member of a group."""
    return [(name, *show_ports.state(scene, name)) for name, _ in entries(below, "port")]


def _groups(scene: Scene) -> list[tuple[str, Tree]]:
    found = [
        (name.removeprefix("lag-"), below)
        for name, below in entries(show_ports.configuration(scene), "lag")
    ]
    wanted = scene.arguments[0] if scene.arguments else ""
    return sorted((one for one in found if wanted in ("", one[0])), key=lambda one: one[0])


def lags(scene: Scene) -> str:
    """`show lag`."""
    rows = []
    for number, below in _groups(scene):
        admin = enabled(below, default=False)
        up = sum(link for _, _, link in members(scene, below)) if admin else 0
        rows.append(
            f"{number:<15}{'up' if admin else 'down':<8}{'up' if up else 'down':<8}"
            f"{'No':<9}{0:<10}{up:<9}N/A"
        )
    total = (
        f"Total Lag-ids: {len(rows):<8}Single Chassis: {len(rows):<9}MC Act: 0       MC Stdby: 0"
    )
    return "\n" + table(
        "Lag Data",
        "Lag-id         Adm     Opr     Weighted Threshold Up-Count MC Act/Stdby",
        SINGLE,
        *rows,
        SINGLE,
        total,
    )


def lag_ports(scene: Scene) -> str:
    """`show lag [N] port`."""
    rows = []
    for number, below in _groups(scene):
        lacp = "lacp" in below
        for place, (name, admin, link) in enumerate(members(scene, below)):
            shown = f"{number}({'e' if lacp else 'd'})" if place == 0 else ""
            up = link and enabled(below, default=False)
            rows.append(
                f"{shown:<7}{name:<15}{'up' if admin else 'down':<6}{'active':<9}"
                f"{'up' if up else 'down':<6}{'yes' if place == 0 else '':<8}{'1':<15}{'-':<7}32768"
            )
    return "\n" + table(
        "Lag Port States\nLACP Status: e - Enabled, d - Disabled",
        "Lag-id Port-id        Adm   Act/     Opr   Primary Sub-group      Forced Prio",
        "                            Stdby",
        SINGLE,
        *rows,
    )
