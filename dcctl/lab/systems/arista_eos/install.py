"""`install source` and `boot system`: which image boots next.

`install source` copies the image to flash where it lies elsewhere, writes boot-config, and does the
same on a second supervisor. The manual shows what it says where all goes well; how refusals are
worded is not documented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Operation, Outcome, Wait, settled, store_of, with_file
from dcctl.lab.systems.arista_eos import reloading
from dcctl.lab.systems.arista_eos.software import (
    BY_USER,
    FLASH,
    PEER,
    Told,
    flaw,
    found,
    set_to_boot,
)

COMMANDS = (
    ("install source <word> [now] [reload]", "install", 15),
    ("install source <word> <word> [now] [reload]", "install", 15),
)
_SECONDS = 40.0


def boot_system(element: Element, path: str, now: float) -> tuple[Element, str]:
    """`boot system PATH`: boot-config is written at once; what Aboot can't read is found at boot."""
    file = found(element, path)
    if file and file.label and "bad_signature" in file.label.flags:
        return element, f"% {path}: {flaw(file)}\n"
    text = "" if file else f"! Software image {path} does not exist\n"
    return set_to_boot(element, path, now), text


def _install(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    path, flags = match.words[2], match.words[3:]
    if element.software.operation:
        text = "% Another software installation is in progress\n"
        return Reply(text=text, element=element, terminal=terminal)
    if wrong := flaw(found(element, path)):
        text = f"% Could not install {path}: {wrong}\n"
        return Reply(text=text, element=element, terminal=terminal)
    told = _told(element)
    number = told.operations + 1
    operation = Operation(
        what="install",
        number=number,
        since=around.now,
        due=around.now + _SECONDS,
        data=(path, "reload" if "reload" in flags else "", "now" if "now" in flags else ""),
    )
    busy = settled(element, operation=operation, state=Told(operations=number))
    waiting = replace(terminal, awaits=Wait(operation=number), pending="")
    note = Note(kind="operation", text="install started", subject=path)
    return Reply(text="", element=busy, terminal=waiting, notes=(note,))


def _told(element: Element) -> Told:
    state = element.software.state
    return state if isinstance(state, Told) else Told()


def finish(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The installation came to its end; with `now reload` the switch reloads."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    path, reload, at_once = operation.data
    file = found(element, path)
    if file is None or flaw(file):
        return _ended(element, f"% Could not install {path}: {flaw(file)}\n", "install failed")
    rows = ["Preparing new boot-config... done."]
    peer = store_of(element, FLASH, PEER)
    if peer and "standby_missing" not in troubles:
        if "flash_full" in troubles or not peer.takes(file.name, file.size):
            text = f"% Could not install {path}: standby: No space left on device\n"
            return _ended(element, text, "install failed")
        element = with_file(element, peer, replace(file, time=now))
        element = set_to_boot(element, f"{FLASH}{file.name}", now, PEER)
        rows += [
            "Copying new software image to standby supervisor... done.",
            "Copying new boot-config to standby supervisor... done.",
            "Committing changes on standby supervisor... done.",
            "Reloading standby supervisor... done.",
        ]
    own = next(one.supervisor for one in element.stores if one.supervisor != PEER)
    element = set_to_boot(element, f"{FLASH}{file.name}", now, own)
    rows.append("Committing changes on this supervisor... done.")
    if reload and at_once:
        rows.append("Reloading this supervisor...")
        element = settled(replace(element, reboot_at=now + 1), reason=BY_USER)
    release = element.software.committed
    done = settled(element, operation=None)
    state = replace(_told(done), said="\n".join([*rows, ""]), asks=bool(reload and not at_once))
    note = Note(kind="operation", text="install done", subject=release)
    return Outcome(element=settled(done, state=state), notes=(note,))


def _ended(element: Element, text: str, what: str) -> Outcome:
    state = replace(_told(element), said=text, asks=False)
    return Outcome(
        element=settled(element, state=state, operation=None),
        notes=(Note(kind="operation", text=what),),
    )


def told(element: Element, terminal: Terminal) -> Reply:
    """The terminal that waited is told what came of it, and perhaps asked about a reload."""
    state, calm = _told(element), replace(terminal, awaits=None)
    if state.asks:
        calm = reloading.asking(element, calm)
        element = settled(element, state=replace(state, asks=False))
    return Reply(text=state.said, element=element, terminal=calm)


ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "install": _install,
}
