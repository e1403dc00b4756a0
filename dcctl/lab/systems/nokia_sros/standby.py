"""`admin redundancy synchronize …`, `show redundancy synchronization` and `show boot-messages`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import Operation, Outcome, Wait, settled
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.nokia_sros.intent import at
from dcctl.lab.systems.nokia_sros.scene import build, lines, stamped, table
from dcctl.lab.systems.nokia_sros.software import (
    LOADER,
    Installed,
    dual,
    installed,
    plain,
    synchronised,
)

COMMANDS = (
    (
        "admin redundancy synchronize (config|configuration|boot-env|boot-environment)",
        "synchronize",
    ),
    ("show boot-messages", "boot_messages"),
)
_SECONDS = {"config": 15.0, "boot": 60.0}
_NOBODY = "MINOR: CLI Standby CPM is not ready.\n"


def present(scene: Scene) -> bool:
    """Whether there is a standby."""
    return dual(scene.element.chassis) and "standby_missing" not in scene.around.troubles


def _synchronize(scene: Scene) -> Reply:
    element, now = scene.element, scene.around.now
    if not present(scene):
        return scene.reply(_NOBODY)
    if element.software.operation:
        return scene.reply("MINOR: CLI Synchronization in progress.\n")
    what = "boot" if scene.line.split()[-1].startswith("boot") else "config"
    state = installed(element)
    number = state.operations + 1
    operation = Operation(what=what, number=number, since=now, due=now + _SECONDS[what])
    busy = settled(element, operation=operation, state=replace(state, operations=number, said=""))
    note = Note(kind="operation", text=f"synchronize {what} started")
    head = "Syncing boot environment ..." if what == "boot" else "Syncing configuration ..."
    waiting = replace(scene.terminal, awaits=Wait(operation=number))
    return Reply(text=f"{head}\n", element=busy, terminal=waiting, notes=(note,))


def finish(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The operation came to its end."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    boot_env = operation.what == "boot"
    if "standby_missing" in troubles or (boot_env and "flash_full" in troubles):
        note = Note(kind="operation", text=f"synchronize {operation.what} failed")
        return Outcome(element=_telling(element, "Failed.\n"), notes=(note,))
    fresh = synchronised(element, now, boot_env=boot_env)
    note = Note(kind="operation", text=f"synchronize {operation.what} done")
    return Outcome(element=_telling(fresh, "Completed.\n"), notes=(note,))


def _telling(element: Element, text: str) -> Element:
    return settled(element, state=replace(installed(element), said=text), operation=None)


def told(element: Element, terminal: Terminal) -> Reply:
    """The terminal that waited is told what came of it."""
    calm = replace(terminal, awaits=None)
    return Reply(text=installed(element).said, element=element, terminal=calm)


ACTIONS: dict[str, Callable[[Scene], Reply]] = {"synchronize": _synchronize}


# --- what it shows --------------------------------------------------------------------------------


def _equal(state: Installed) -> bool:
    own, there = state.processors[state.active], state.processors[1 - state.active]
    return own.label.boots == there.label.boots


def redundancy(scene: Scene) -> str:
    """`show redundancy synchronization`."""
    element, state, two = scene.element, installed(scene.element), present(scene)
    mode = value(at(scene.tree, "configure", "redundancy"), "synchronize", "config")
    words = {"config": "Config", "boot-env": "Boot-env", "none": "None"}
    synced = two and mode != "none"
    saved = max(element.saved, element.booted)
    config_at = max(state.config_synced, saved if synced and mode == "config" else 0.0)
    boot_at = max(state.boot_synced, saved if synced and mode == "boot-env" else 0.0)
    status = "All config synchronized" if mode == "config" else "All boot environment synchronized"
    ready = "standby ready" if two and _equal(state) else "standby not ready" if two else "disabled"
    rows = [
        f"Standby Status               : {ready}",
        "Last Standby Failure         : N/A",
        f"Standby Up Time              : {stamped(element.booted) if two else 'N/A'}",
        "Failover Time                : N/A",
        "Failover Reason              : N/A",
        f"Boot/Config Sync Mode        : {words[mode] if two else 'None'}",
        f"Boot/Config Sync Status      : {status if synced else 'No synchronization'}",
        f"Last Config File Sync Time   : {stamped(config_at) if config_at else 'Never'}",
        f"Last Boot Env Sync Time      : {stamped(boot_at) if boot_at else 'Never'}",
    ]
    return "\n" + table("Synchronization Information", *rows)


def boot_messages(scene: Scene) -> str:
    """`show boot-messages`."""
    state = installed(scene.element)
    own = state.processors[state.active]
    location = plain(own.saved.get(f"image {own.source}-location", "cf3:/")).rstrip("/")
    return lines(
        "=" * 79,
        "cf3:/bootlog.txt",
        "=" * 79,
        "Boot log started on CPU#0",
        f"   Build: L-{scene.element.software.firmware.get(LOADER, '')} on cpm/hops64",
        f"   CPM {'AB'[state.active]} is active",
        "",
        "Searching for bof.cfg on local drives:",
        "Attempting to load from file cf3:/bof.cfg",
        f"Attempting to exec {own.source} image file: '{location}/'",
        "",
        *build(scene.element.software.release),
        "",
        "Attempting to exec configuration file: 'cf3:/config.cfg' ...",
        "Finished processing MDI Configuration",
    )
