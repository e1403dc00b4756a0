"""What a process that died left unconfirmed on an element of every make, and what resumes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from dcctl.contracts import Session
from dcctl.errors import ConfigurationLocked, Unreachable
from dcctl.executors.upgrading.detour import NET_S, Detour
from dcctl.executors.upgrading.door import SessionDoor, Sessions
from tests.unit.upgrading.scene import Scene, scene
from tests.unit.upgrading.test_upgrade_end_to_end import MAKES

Save = Callable[[Session], None]


class DiedError(BaseException):
    """The process that was at it is no more."""


def dies(*_: Any) -> None:
    raise DiedError


def detour(one: Scene, save: Save | None = None, of: Sessions | None = None) -> Detour:
    change = one.platform.change
    changed = replace(one.platform, change=replace(change, save=save or change.save))
    return Detour(one.target, changed, SessionDoor(one.target, of or one.executor))


@contextmanager
def dead(one: Scene) -> Iterator[None]:
    """Its system closes its connections."""
    with pytest.raises(DiedError):
        yield
    one.executor.release(one.name)
    one.pass_time(30)


WHEN: dict[str, Callable[[Scene, tuple[str, ...]], None]] = {
    "half sent": lambda one, lines: detour(one).put(lines[: len(lines) // 2], dies),
    "unconfirmed": lambda one, lines: detour(one).put(lines, dies),
    "unsaved": lambda one, lines: detour(one, save=dies).put(lines, lambda: None),
}


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_it_is_settled_before_more_is_sent(make: dict[str, Any], when: str) -> None:
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        undrained = detour(one).state()
        upgrade = one.platform.upgrade
        for lead, unless in ((upgrade.drain, ""), (upgrade.undrain, undrained)):
            lines = lead(one.target)
            with dead(one):
                WHEN[when](one, lines)
            resumed = detour(one)
            resumed.unsettled = True
            resumed.put(lines, lambda: None, unless=unless)
            for _ in range(2):
                assert (one.drained, one.saved) == (not unless, True)
                one.pass_time(NET_S + 120)  # whatever could still take it back has by then


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_it_is_settled_after_a_session_was_lost(make: dict[str, Any]) -> None:
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        here = detour(one)
        undrained = here.state()

        def lost() -> None:
            one.executor.release(one.name)
            raise Unreachable(one.name)

        with pytest.raises(Unreachable):
            here.put(one.platform.upgrade.drain(one.target), lost)
        here.put(one.platform.upgrade.undrain(one.target), lambda: None, unless=undrained)
        for _ in range(2):
            assert (one.drained, one.saved) == (False, True)
            one.pass_time(NET_S + 120)


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_a_change_that_is_not_ours_is_left_alone(make: dict[str, Any]) -> None:
    with scene(make["host"], tuple(make.get("peers", ()))) as one:
        with pytest.raises(DiedError):
            detour(one).put(one.platform.upgrade.drain(one.target), dies)
        waits = one.network.elements[one.name].running
        with pytest.raises(ConfigurationLocked):
            detour(one, of=one.build()).put(one.platform.upgrade.undrain(one.target), dies)
        assert one.network.elements[one.name].running == waits
