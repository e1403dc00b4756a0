"""The network of a drawn estate: configured, warm, with the images on every supervisor."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dcctl import discovery
from dcctl.lab.elements.site import plan_of
from dcctl.planning import graph
from dcctl.planning.render import TEMPLATES, render
from dcctl.workflows.rehearsal import makes
from dcctl.workflows.rehearsal.staged import stage
from dcctl.workflows.rehearsal.world import WARM_S, network_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from dcctl.lab.elements.network import Network
    from dcctl.workflows.rehearsal.estates import DrawnEstate
    from dcctl.workflows.rehearsal.tasks import Tasks
    from dcctl.workflows.rehearsal.truth import Truth

_MISSING, _DAMAGED = 0.02, 0.04  # of all draws below


def built(
    estate: DrawnEstate,
    truth: Truth,
    tasks: Tasks,
    *,
    flags: Mapping[str, str] = MappingProxyType({}),
    random: Random | None = None,
) -> Network:
    """The network; with `random`, an image is now and then damaged or not there."""
    targets = list(estate.targets.values())
    releases = {target.name: makes.make_of(target).before for target in targets}
    plan = plan_of(targets, "simulation", releases=releases)
    network = network_of(plan, truth, tasks, graph.graph_of(estate).anchors)
    folders = [discovery.data_root() / TEMPLATES]
    for target in targets:
        network.configure(target.name, render(target, folders))
        truth.before[target.name] = network.elements[target.name].software.release
    tasks.sleep(WARM_S)
    network.advance()
    for target in targets:
        chance = random.random() if random is not None else 1.0
        files = makes.contents(makes.make_of(target), flags)
        if chance < _MISSING:
            continue
        if chance < _DAMAGED:
            name = next(iter(files))
            files[name] = files[name][:-1] + b"\0"
        stage(network, target, files)
    return network
