"""An element that is waited for is looked at when something should be seen, and at what misses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from dcctl import clock
from dcctl.executors.upgrading import proof
from dcctl.executors.upgrading.detour import Detour
from dcctl.executors.upgrading.door import SessionDoor
from dcctl.executors.upgrading.order import order_of
from tests.unit.upgrading.scene import Scene, scene
from tests.unit.upgrading.test_upgrade_end_to_end import MAKES

RESIDUE_BPS, PAUSE_S = 1_000_000, 5.0


def asked(one: Scene) -> list[float]:
    """When the element's ports were asked for."""
    return [
        at
        for at, name, note in one.notes
        if (name, note.kind, note.text) == (one.name, "command", "show port detail")
    ]


def test_average_rates_are_looked_at_when_they_should_have_fallen() -> None:
    make = MAKES["nokia_sros"]  # tells an average of minutes
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        detour = Detour(one.target, one.platform, SessionDoor(one.target, one.executor))
        detour.put(one.platform.upgrade.drain(one.target), lambda: None)
        began = clock.monotonic()
        one.notes.clear()
        left = detour.moved(RESIDUE_BPS, began + 3600, PAUSE_S)
        looks = asked(one)
    assert max(left.values()) <= RESIDUE_BPS
    assert looks[-1] - began > 600, "traffic had gone before the first look: nothing is tried"
    assert len(looks) < 25
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert max(pauses) < 300, "a session that is idle for so long is ended by strict sites"


def test_while_one_waits_only_what_misses_is_looked_at() -> None:
    make = MAKES["cisco_xe"]
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        order, door = order_of(one.step({})), SessionDoor(one.target, one.executor)
        port = next(port.name for port in one.target.interfaces if port.link)
        every = proof.topics_of(one.target)
        before = proof.take(every, door, lambda _: {})
        looks: list[Sequence[str]] = []

        def look(topics: Sequence[str]) -> proof.Snapshot:
            looks.append(topics)
            if len(looks) == 3:
                one.network.fault(one.name, "clear", {})
                one.pass_time(60)
            return proof.take(topics, door, lambda _: {})

        one.network.fault(one.name, "link_down", {"interface": port})
        one.pass_time(60)
        found, last = proof.hold(
            one.target, order, before, look, clock.monotonic() + 600, lambda: False
        )
    assert not [gate for gate in found if gate.stops]
    assert {gate.gate for gate in found} >= {"isis", "version", "alarms"}
    assert set(last.readings) == set(every)
    assert (set(looks[0]), set(looks[-1])) == (set(every), set(every))
    for waiting in looks[1:-1]:
        assert {"interfaces", "version"} <= set(waiting) < set(every)
    assert len(looks) > 3


def test_what_breaks_meanwhile_is_seen_before_all_is_called_well() -> None:
    make = MAKES["cisco_xe"]
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        order, door = order_of(one.step({})), SessionDoor(one.target, one.executor)
        ports = [port.name for port in one.target.interfaces if port.link]
        before = proof.take(proof.topics_of(one.target), door, lambda _: {})
        looks: list[Sequence[str]] = []

        def look(topics: Sequence[str]) -> proof.Snapshot:
            looks.append(topics)
            if len(looks) == 2:  # that passes, and something that nobody waits for fails
                one.network.fault(one.name, "clear", {})
                one.network.fault(one.name, "link_down", {"interface": ports[0]})
                one.pass_time(60)
            return proof.take(topics, door, lambda _: {})

        one.network.fault(one.name, "alarm", {})
        one.pass_time(60)
        with pytest.raises(proof.GateClosedError) as caught:
            proof.hold(one.target, order, before, look, clock.monotonic() + 600, lambda: False)
    assert not {"isis", "interfaces"} & set(looks[1]), "it was waited for: nothing is tried"
    assert "isis" in {gate.gate for gate in caught.value.findings if gate.stops}
