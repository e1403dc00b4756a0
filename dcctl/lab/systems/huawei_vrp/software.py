"""What VRP keeps of its software on each main board, and what it boots.

Drawn from Huawei's command references and feature descriptions ("Software Management"): each main
board starts from the file that is set for it; on VRP8 `upgrade rollback` takes the files of before
back unless somebody logs in in time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import cast

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Element, Note
from dcctl.lab.elements.software import (
    File,
    Label,
    Net,
    Outcome,
    Software,
    Store,
    placed,
    settled,
    store_of,
)
from dcctl.lab.elements.tree import values
from dcctl.lab.systems.huawei_vrp import kinds

PLATFORM = "huawei_vrp"
SLOTS = ("9", "10")  # of VRP8's main boards
_IMAGE_B = 65536
_BOOT_S = 180.0
_NEW_RELEASE_S = 300.0
_TRIES_S = 420.0  # three tries of a file that does not start


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One main board: the files that it runs and that it will start from."""

    running: str
    following: str
    label: Label
    patch: str = ""
    next_patch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The main boards, the master first.

    `armed` are the minutes of a version rollback that the next start begins, `before` the system
    software and patch that it would take back.
    """

    boards: tuple[Board, ...]
    armed: int = 0
    before: tuple[str, str] = ("", "")
    operations: int = 0
    said: str = ""


def product(chassis: Chassis) -> str:
    """The family that images are called after."""
    upper = chassis.model.upper()
    if kinds.immediate(chassis):
        return chassis.model.split("-", maxsplit=1)[0]
    return "NE40E" if upper.startswith("NE40E") else "NetEngine 8000"


def first_release(chassis: Chassis) -> str:
    """What a new element runs."""
    if chassis.release:
        return chassis.release
    if not kinds.immediate(chassis):
        return "V800R021C00SPC100"
    return "V300R022C00SPC100" if chassis.model.upper().startswith("AR") else "V200R021C10SPC600"


def drive(chassis: Chassis) -> str:
    """The file system that it starts from."""
    return "flash:" if kinds.immediate(chassis) else "cfcard:"


@cache
def _image(name: str, release: str) -> File:
    return images.file(name, images.image(PLATFORM, release, size=_IMAGE_B))


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: its system software on every main board."""
    release, home = first_release(chassis), drive(chassis)
    file = _image(f"{product(chassis).replace(' ', '')}{release}.cc", release)
    label = Label(platform=PLATFORM, release=release)
    path = f"{home}/{file.name}"
    board = Board(running=path, following=path, label=label)
    store = Store(name=home, size=4 << 30, used=3 << 29, files=MappingProxyType({file.name: file}))
    stores: tuple[Store, ...] = (store,)
    boards: tuple[Board, ...] = (board,)
    if not kinds.immediate(chassis):
        stores = (
            replace(store, supervisor=SLOTS[0]),
            replace(store, name=f"slave#{home}", supervisor=SLOTS[1]),
        )
        boards = (board, board)
    state = Installed(boards=boards)
    return stores, Software(release=release, label=label, committed=release, state=state)


def installed(element: Element) -> Installed:
    """What the main boards hold."""
    state = element.software.state
    if not isinstance(state, Installed):
        state = furnish(element.chassis)[1].state
    return cast("Installed", state)


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies."""
    names = [store.name for store in element.stores]
    homes = {start: (one, "") for one in names for start in (f"{one}/", one)}
    there = path.lstrip("/")
    if ":" in there and f"{there.partition(':')[0]}:" not in homes:
        return None
    return placed(element, there, homes, drive(element.chassis))


def file_at(element: Element, number: int, path: str) -> File | None:
    """The file of this path on one of the main boards."""
    store = store_of(element, element.stores[number].name)
    return store.files.get(path.rpartition("/")[2]) if store else None


def transfers(element: Element) -> frozenset[str]:
    """SFTP and SCP, each where its server is enabled and the SSH users may use it."""
    kept = values(element.running, "ssh user")
    allowed = {
        service
        for line in kept
        if " service-type " in line
        for service in line.partition(" service-type ")[2].split()
    }
    anybody = not any(" service-type " in line for line in kept)
    lines = " ".join(element.running)
    return frozenset(
        kind
        for kind in ("scp", "sftp")
        if re.search(rf"\b{kind} (?:ipv4 |ipv6 )?server enable", lines)
        and (anybody or allowed & {kind, "all"})
    )


# --- booting --------------------------------------------------------------------------------------


def _candidates(element: Element, troubles: frozenset[str]) -> Iterator[tuple[str, Label]]:
    """What starts, in order: its own file, then the other board's, or on VRP5 the one of before."""
    boards = installed(element).boards
    tried = [(0, boards[0].following)]
    if kinds.immediate(element.chassis):
        tried.append((0, boards[0].running))
    elif "standby_missing" not in troubles:
        tried.append((1, boards[1].following))
    for number, path in tried:
        file = file_at(element, number, path)
        if file and file.label and file.whole:
            yield path, file.label


def boot(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The first file that starts runs on both main boards; where none does, it stays in its BIOS."""
    before, tried = element.software.release, ""
    for path, label in _candidates(element, troubles):
        tried = tried or label.boots
        other = label.boots != before
        wrong = set(label.flags) | (set(troubles) if other else set())
        if "boot_loop" in wrong:
            continue
        seconds = _NEW_RELEASE_S if other else _BOOT_S
        seconds += _TRIES_S if tried != label.boots else 0.0
        fresh = _runs(element, path, label)
        alarms = ("The board in slot 1 failed to register.",) if "unit_fails" in wrong else ()
        fresh = settled(fresh, alarms=alarms, net=_net(element, now + seconds))
        notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
        return Outcome(element=fresh, notes=notes, tried=tried, seconds=seconds)
    return Outcome(element=element, tried=tried, comes_up=False)


def _net(element: Element, up_at: float) -> Net | None:
    armed, running = installed(element).armed, element.software.net
    minutes = armed or (running.minutes if running else 0)
    if not minutes:
        return None
    return Net(due=up_at + 60 * minutes, minutes=minutes, ends_at_login=True)


def _patches(patch: Label | None, system: Label) -> bool:
    """Whether a patch is for this version: both begin V800R023."""
    return patch is not None and patch.boots[:8] == system.boots[:8]


def _runs(element: Element, path: str, label: Label) -> Element:
    state = installed(element)
    boards = []
    for number, board in enumerate(state.boards):
        patch = board.next_patch
        file = file_at(element, number, patch) if patch else None
        good = file is not None and file.whole and _patches(file.label, label)
        own = file_at(element, number, board.following)
        runs_own = own is not None and own.label == label
        boards.append(
            replace(
                board,
                running=board.following if runs_own else path,
                label=label,
                patch=patch if good else "",
            )
        )
    fresh = replace(state, boards=tuple(boards), armed=0)
    return settled(element, release=label.boots, label=label, state=fresh)


def net_expired(element: Element, now: float) -> Outcome:
    """Nobody logged in: the files of before are set again, and it restarts."""
    state = installed(element)
    software, patch = state.before
    boards = tuple(
        replace(one, following=software or one.following, next_patch=patch) for one in state.boards
    )
    fresh = settled(
        replace(element, reboot_at=now), state=replace(state, boards=boards, before=("", ""))
    )
    file = file_at(fresh, 0, boards[0].following)
    release = file.label.boots if file and file.label else ""
    fresh = settled(fresh, committed=release)
    return Outcome(element=fresh, notes=(Note(kind="revert", subject=release),))
