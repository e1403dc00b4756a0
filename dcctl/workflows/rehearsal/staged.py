"""Files on twins, where staging would have put them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl import platforms
from dcctl.errors import NotFound
from dcctl.lab.elements import images
from dcctl.workflows.rehearsal.sessions import simulated, unheard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.lab.elements.network import Network
    from dcctl.model.target import Target


def stage(network: Network, target: Target, files: Mapping[str, bytes]) -> None:
    """Put `files` (name -> content) on every supervisor of an element."""
    platform = platforms.get(target.platform)
    if platform.upgrade is None:
        return
    executor = simulated(network)("device_session", unheard())
    stores = platform.upgrade.stores(executor.session(target))
    executor.close()
    for name, content in files.items():
        for store in stores:
            gap = "" if store.path.endswith((":", "/")) else "/"
            try:
                network.put(target.name, f"{store.path}{gap}{name}", content)
            except NotFound:
                _hold(network, target.name, name, content)


def _hold(network: Network, name: str, file: str, content: bytes) -> None:
    element = network.elements[name]
    fresh = images.file(file, content, network.now)
    stores = tuple(store.holding(fresh) for store in element.stores)
    network.elements[name] = replace(element, stores=stores)
