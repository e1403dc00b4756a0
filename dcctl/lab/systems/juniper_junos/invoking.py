"""`… invoke-on all-routing-engines`: one answer of each routing engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos import engines
from dcctl.lab.systems.juniper_junos.scene import cell
from dcctl.lab.systems.juniper_junos.software import installed, seen_at

if TYPE_CHECKING:
    from dcctl.lab.systems.juniper_junos.answers import Show

_LINE = "-" * 74


def scenes(scene: Scene, where: str) -> list[tuple[str, Scene | None]]:
    """(routing engine, what it sees); None where it doesn't answer."""
    state = installed(scene.element)
    found: list[tuple[str, Scene | None]] = []
    for number in range(len(state.engines)):
        if number == state.master:
            if where.startswith("all"):
                found.append(
                    (f"re{number}", replace(scene, element=seen_at(scene.element, number)))
                )
            continue
        there = engines.other(scene.element, scene.around) == number
        seen = replace(scene, element=seen_at(scene.element, number)) if there else None
        found.append((f"re{number}", seen))
    return found


def displayed(
    show: Show,
    scene: Scene,
    form: str,
    where: str,
    dump: Callable[[Any], str],
) -> str:
    """The answers, in the form that is asked for."""
    met = scenes(scene, where)
    if form and show.data:
        items = [{"re-name": cell(name), **(show.data(seen) if seen else {})} for name, seen in met]
        return dump({"multi-routing-engine-results": [{"multi-routing-engine-item": items}]})
    parts = [f"{name}:\n{_LINE}\n{show.text(seen) if seen else _dead(name)}" for name, seen in met]
    return "\n".join(parts)


def _dead(name: str) -> str:
    return f"error: could not connect to {name} : No route to host\n"
