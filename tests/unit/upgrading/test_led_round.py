"""Traffic is led round every make and back, also where it announces nothing of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl.executors.upgrading.detour import Detour
from dcctl.executors.upgrading.door import SessionDoor
from dcctl.planning.render import render, template_paths
from tests.unit.upgrading.scene import ROOT, scene
from tests.unit.upgrading.test_upgrade_end_to_end import MAKES


@pytest.mark.parametrize("announced", ["something", "nothing"])
@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_it_is_as_it_was(make: dict[str, Any], announced: str) -> None:
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        target = one.target
        if announced == "nothing":
            target = replace(target, variables={**target.variables, "announced_networks": []})
            one.network.configure(one.name, render(target, template_paths(ROOT)))
            one.pass_time(600)
        detour = Detour(target, one.platform, SessionDoor(target, one.executor))
        upgrade, states = one.platform.upgrade, set()
        if announced == "something":  # else the twin still has what it announced before
            states.add(detour.state())
        for _ in range(3):
            detour.put(upgrade.drain(target), lambda: None)
            assert one.drained
            assert one.saved
            detour.put(upgrade.undrain(target), lambda: None)
            assert not one.drained
            assert one.saved
            states.add(detour.state())
        assert len(states) == 1


@pytest.mark.parametrize("make", ["cisco_xe", "cisco_xr"])
def test_a_rate_is_one_of_half_a_minute(make: str) -> None:
    """Else nobody could tell in time that traffic has left."""
    with scene(MAKES[make]["host"]) as one:
        ports = [port for port in one.target.interfaces if port.link and port.medium != "oob"]
        shown = one.executor.session(one.target).send("show interfaces")
        assert ports
        assert shown.count("30 second input rate") == len(ports)
