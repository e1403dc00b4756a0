"""`startup …`, `patch …` and `upgrade rollback …`: what a main board starts from next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dcctl.lab.elements.model import Element, Note, Reply, Terminal
from dcctl.lab.elements.software import File, Operation, Outcome, Wait, settled, with_file
from dcctl.lab.systems.huawei_vrp import kinds
from dcctl.lab.systems.huawei_vrp.scene import Scene
from dcctl.lab.systems.huawei_vrp.software import (
    PLATFORM,
    SLOTS,
    Board,
    Installed,
    drive,
    file_at,
    installed,
    place,
)

COMMANDS = (
    ("startup system-software <word>", "startup-system", "u"),
    ("startup system-software <word> (all [auto-sync]|slave-board)", "startup-system", "u"),
    ("startup system-software <word> slot <word>", "startup-system", "u"),
    ("startup patch <word>", "startup-patch", "u"),
    ("startup patch <word> (all [auto-sync]|slave-board)", "startup-patch", "u"),
    ("startup patch <word> slot <word>", "startup-patch", "u"),
    ("reset patch-configure [next-startup]", "patch-reset", "u"),
    ("patch load <word> all run", "patch-load", "u"),
    ("patch delete all", "patch-delete", "u"),
    ("upgrade rollback enable rollback-timer <int:10-360>", "rollback-timer", "u8"),
    ("undo upgrade rollback", "rollback-off", "u8"),
    ("display upgrade rollback", "rollback-state", "us8"),
)
_SECONDS = {"system": 40.0, "patch": 15.0, "load": 30.0}
_LONGEST = {True: 64, False: 127}  # of a name, VRP5 and VRP8
_WAIT = "Info: Operating, please wait for a moment"


def _begin(scene: Scene, what: str, *data: str) -> Reply:
    element, now = scene.element, scene.around.now
    if element.software.operation:
        return scene.reply("Error: The system is busy. Please try again later.\n")
    state = installed(element)
    number = state.operations + 1
    operation = Operation(what=what, number=number, since=now, due=now + _SECONDS[what], data=data)
    busy = settled(element, operation=operation, state=replace(state, operations=number, said=""))
    waiting = replace(scene.terminal, awaits=Wait(operation=number))
    note = Note(kind="operation", text=f"startup {what} started", subject=data[0])
    return Reply(text=_WAIT, element=busy, terminal=waiting, notes=(note,))


def told(element: Element, terminal: Terminal) -> Reply:
    """The terminal that waited is told what came of it."""
    calm = replace(terminal, awaits=None)
    return Reply(text=installed(element).said, element=element, terminal=calm)


# --- commands -------------------------------------------------------------------------------------


def _boards(scene: Scene) -> list[int] | None:
    """The main boards that are meant; None where one of them is not there."""
    words = scene.line.split()[3:]
    count = len(installed(scene.element).boards)
    if not words:
        return [0]
    if words[0] == "slot":
        known = ("0",) if count == 1 else SLOTS
        found = [known.index(words[1])] if words[1] in known else []
    elif words[0] == "slave-board":
        found = [1] if count > 1 else []
    else:
        found = list(range(count))
    missing = "standby_missing" in scene.around.troubles
    if missing and words[0] == "all":
        found = [0]
    return None if not found or (missing and 1 in found) else found


def _set(what: str) -> Callable[[Scene], Reply]:
    def act(scene: Scene) -> Reply:
        path = scene.arguments[0]
        boards = _boards(scene)
        if boards is None:
            return scene.reply("Error: The slave board does not exist.\n")
        name = path.rpartition(":")[2].lstrip("/")
        if "/" in name:
            return scene.reply("Error: The file must be in the root directory.\n")
        endings = (".cc",) if what == "system" else (".pat",)
        if not name.lower().endswith(endings):
            return scene.reply("Error: The file name extension is invalid.\n")
        if len(name) > _LONGEST[scene.immediate]:
            return scene.reply("Error: The file name is too long.\n")
        sync = "sync" if scene.line.endswith(" auto-sync") else ""
        full = f"{drive(scene.element.chassis)}/{name}"
        return _begin(scene, what, full, ",".join(str(one) for one in boards), sync)

    return act


def _load(scene: Scene) -> Reply:
    name = scene.arguments[0].rpartition(":")[2].lstrip("/")
    return _begin(scene, "load", f"{drive(scene.element.chassis)}/{name}", "0,1", "")


def _changed(scene: Scene, **changes: Any) -> Element:
    state = installed(scene.element)
    boards = tuple(replace(one, **changes) for one in state.boards)
    return settled(scene.element, state=replace(state, boards=boards))


def _patch_reset(scene: Scene) -> Reply:
    text = f"{_WAIT}.....done.\nInfo: Succeeded in clearing startup the patch.\n"
    return replace(scene.reply(text), element=_changed(scene, next_patch=""))


def _patch_delete(scene: Scene) -> Reply:
    text = "Info: Succeeded in deleting the patch.\n"
    return replace(scene.reply(text), element=_changed(scene, patch="", next_patch=""))


def _timer(scene: Scene) -> Reply:
    minutes = int(scene.arguments[0])
    state = installed(scene.element)
    board = state.boards[0]
    armed = replace(state, armed=minutes, before=(board.running, board.patch))
    text = _said(minutes, board)
    return replace(scene.reply(text), element=settled(scene.element, state=armed))


def _said(minutes: int, board: Board) -> str:
    return (
        "Info: The upgrade rollback function is enabled. "
        f"The limit time is {minutes} minutes.\n"
        "If no User cancels the function, the master MPU will restart by the bootfile "
        f"{board.running}.The slave MPU will restart by the bootfile {board.running}.\n"
    )


def _timer_off(scene: Scene) -> Reply:
    state = replace(installed(scene.element), armed=0, before=("", ""))
    off = settled(scene.element, state=state, net=None)
    return replace(scene.reply("Info: The state of upgrade rollback is disable.\n"), element=off)


def rollback_state(scene: Scene) -> str:
    """`display upgrade rollback`."""
    state = installed(scene.element)
    if state.armed:
        return _said(state.armed, state.boards[0])
    return "Info: The state of upgrade rollback is disable.\n"


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "startup-system": _set("system"),
    "startup-patch": _set("patch"),
    "patch-reset": _patch_reset,
    "patch-load": _load,
    "patch-delete": _patch_delete,
    "rollback-timer": _timer,
    "rollback-off": _timer_off,
}


# --- what comes of it -----------------------------------------------------------------------------


def _telling(element: Element, text: str) -> Element:
    state: Installed = replace(installed(element), said=text)
    return settled(element, state=state, operation=None)


def _refused(element: Element, why: str) -> Outcome:
    note = Note(kind="operation", text="startup failed")
    return Outcome(element=_telling(element, f".\nError: {why}\n"), notes=(note,))


def _wrong(element: Element, file: File | None, role: str) -> str:
    """Why a file can't be set, or nothing; its digital signature is checked here."""
    if file is None:
        return "The file does not exist."
    if file.label is None or not file.whole or "bad_signature" in file.label.flags:
        return "Failed to verify the digital signature of the file."
    if file.label.platform != PLATFORM or file.label.role != role:
        return "The file is not compatible with the device."
    old = kinds.immediate(element.chassis)
    if role == "system" and file.label.release.startswith("V800") is old:
        return "The file is not compatible with the device."
    return ""


def _synced(element: Element, path: str) -> Element:
    """With the file on the slave board too, where there is room."""
    file = file_at(element, 0, path)
    target = place(element, f"slave#{path}")
    if file is None or target is None or not target[0].takes(file.name, file.size):
        return element
    return with_file(element, target[0], file)


def finish(element: Element, _now: float, troubles: frozenset[str]) -> Outcome:
    """The operation came to its end."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    path, boards, sync = operation.data
    wanted = [int(one) for one in boards.split(",")][: len(installed(element).boards)]
    role = "system" if operation.what == "system" else "patch"
    if sync and "flash_full" not in troubles:
        element = _synced(element, path)
    for number in wanted:
        why = _wrong(element, file_at(element, number, path), role)
        if why and not (number == 1 and operation.what == "load"):
            return _refused(element, why)
    return _settled(element, operation.what, path, wanted)


def _settled(element: Element, what: str, path: str, wanted: list[int]) -> Outcome:
    state = installed(element)
    fields = {"system": ("following",), "patch": ("next_patch",), "load": ("patch", "next_patch")}
    changes: dict[str, Any] = dict.fromkeys(fields[what], path)
    boards = tuple(
        replace(one, **changes) if number in wanted else one
        for number, one in enumerate(state.boards)
    )
    fresh = settled(element, state=replace(state, boards=boards))
    first = file_at(fresh, 0, boards[0].following)
    committed = first.label.boots if first and first.label else fresh.software.committed
    said = {
        "system": "Info: Succeeded in setting the software for booting system.",
        "patch": "Info: Succeeded in setting the patch for booting system.",
        "load": "Info: Succeeded in running the patch.",
    }[what]
    note = Note(kind="operation", text=f"startup {what} done", subject=committed)
    told_so = settled(_telling(fresh, f"......done.\n{said}\n"), committed=committed)
    return Outcome(element=told_so, notes=(note,))
