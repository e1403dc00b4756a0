"""The network of a drawn estate: configured, warm, with the images on every supervisor."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from dcctl import discovery
from dcctl.lab.elements import images
from dcctl.lab.elements.site import plan_of
from dcctl.planning import graph
from dcctl.planning.render import TEMPLATES, render
from dcctl.workflows.rehearsal import estates, makes
from dcctl.workflows.rehearsal.world import WARM_S, network_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from dcctl.lab.elements.network import Network
    from dcctl.workflows.rehearsal.tasks import Tasks
    from dcctl.workflows.rehearsal.truth import Truth


def built(
    estate: estates.DrawnEstate,
    truth: Truth,
    tasks: Tasks,
    *,
    flags: Mapping[str, str] = MappingProxyType({}),
    random: Random | None = None,
) -> Network:
    """The network; with `random`, an image is now and then damaged or not there."""
    targets = list(estate.targets.values())
    releases = {t.name: makes.make_of(t.platform).before for t in targets}
    plan = plan_of(targets, "simulation", releases=releases)
    network = network_of(plan, truth, tasks, graph.graph_of(estate).anchors)
    folders = [discovery.data_root() / TEMPLATES]
    for target in targets:
        network.configure(target.name, render(target, folders))
        chance = random.random() if random is not None else 1.0
        _put_file(network, target.name, target.platform, flags, chance)
        truth.before[target.name] = network.elements[target.name].software.release
    tasks.sleep(WARM_S)
    network.advance()
    return network


def _put_file(
    network: Network, name: str, platform: str, flags: Mapping[str, str], chance: float
) -> None:
    make = makes.make_of(platform)
    data = makes.content(make, flags)
    if chance < 0.02:  # noqa: PLR2004
        return
    if chance < 0.04:  # noqa: PLR2004
        data = data[:-1] + b"\0"
    element = network.elements[name]
    file = images.file(make.file, data, network.now)
    stores = tuple(
        store.holding(file) if store.name in make.stores else store for store in element.stores
    )
    network.elements[name] = replace(element, stores=stores)
