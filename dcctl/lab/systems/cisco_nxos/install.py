"""`install all`: compatibility checks, a question, the boot variable, a reload (or none).

The progress is that of recorded upgrades of Nexus 9000; return codes and the words after
`no-reload` are not documented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import (
    File,
    Label,
    Operation,
    Outcome,
    Wait,
    settled,
    store_of,
    with_file,
)
from dcctl.lab.systems.cisco_nxos.compatibility import BAR, FAIL, checks, reason
from dcctl.lab.systems.cisco_nxos.software import (
    BOOTFLASH,
    BY_UPGRADE,
    REMOTE,
    UNIT,
    flaw,
    found,
    installed,
    running,
    set_to_boot,
    shown,
)

COMMANDS = (
    ("install all nxos <word> [(non-disruptive|no-reload)]", "install-all"),
    ("install all nxos <word> non-disruptive no-reload", "install-all"),
)
_MODULE = (
    "Module 1: Refreshing compact flash and upgrading bios/loader/bootrom.\n"
    "Warning: please do not remove or power off the module at this time."
)
_STEPS = (
    "".join(
        f"\n{title}\n{BAR}"
        for title in (
            "Performing runtime checks.",
            "Setting boot variables.",
            "Performing configuration copy.",
            _MODULE,
        )
    )
    + "\n\n"
)
_CHECKS_S, _SECONDS, _RELOAD_S = 60.0, 180.0, 10.0
_SURE = "Do you want to continue with the installation (y/n)?  [n] "


# --- the command ----------------------------------------------------------------------------------


def _all(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    if element.software.operation:
        text = "Another installation is currently in progress. Try again later.\n"
        return Reply(text=text, element=element, terminal=terminal)
    detail = " ".join([match.arguments[0], *match.words[4:]])
    text = "Installer will perform compatibility check first. Please wait.\n"
    if "non-disruptive" not in match.words:
        text += "Installer is forced disruptive\n"
    checking = replace(
        terminal,
        pending=f"install-check {detail}",
        question="",
        awaits=Wait(until=around.now + _CHECKS_S),
    )
    return Reply(text=text, element=element, terminal=checking)


def checked(element: Element, terminal: Terminal, around: Surroundings) -> Reply:
    """The checks are done: the table, and the question."""
    detail = terminal.pending.partition(" ")[2]
    path, *flags = detail.split(" ")
    calm = replace(terminal, awaits=None, pending="", question="")
    asked = "non-disruptive" in flags
    text, fine = checks(element, path, around.troubles, asked=asked)
    if not fine:
        note = Note(kind="operation", text="install all refused", subject=shown(path))
        fresh = settled(element, state=replace(installed(element), log=text))
        return Reply(text=text, element=fresh, terminal=calm, notes=(note,))
    if reason(element, path, asked=asked):
        text += "Switch will be reloaded for disruptive upgrade.\n"
    if "dont-ask" in terminal.flags:
        reply = _begin(element, calm, detail, around)
        return replace(reply, text=f"{text}{reply.text}")
    asking = replace(calm, pending=f"install-sure {detail}", question=_SURE)
    return Reply(text=text, element=element, terminal=asking)


def sure(
    element: Element, terminal: Terminal, line: str, detail: str, around: Surroundings
) -> Reply:
    """The answer to whether it may go on."""
    if line.strip().lower() not in ("y", "yes"):
        return Reply(text="Installation aborted by user.\n", element=element, terminal=terminal)
    return _begin(element, terminal, detail, around)


def _begin(element: Element, terminal: Terminal, detail: str, around: Surroundings) -> Reply:
    if element.software.operation:
        text = "Another installation is currently in progress. Try again later.\n"
        return Reply(text=text, element=element, terminal=terminal)
    state = installed(element)
    number = state.operations + 1
    operation = Operation(
        what="install all",
        number=number,
        since=around.now,
        due=around.now + _SECONDS,
        data=tuple(detail.split(" ")),
    )
    at = datetime.fromtimestamp(around.now, UTC)
    text = f"\nTime Stamp: {at:%a %b} {at.day:>2} {at:%H:%M:%S %Y}\n\n\nInstall is in progress, please wait.\n"
    busy = settled(
        element,
        operation=operation,
        state=replace(state, operations=number, log=text, said=""),
    )
    waiting = replace(terminal, awaits=Wait(operation=number), pending="", question="")
    note = Note(kind="operation", text="install all started", subject=operation.data[0])
    return Reply(text=text, element=busy, terminal=waiting, notes=(note,))


# --- what comes of it -----------------------------------------------------------------------------


def finish(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The installation came to its end: a reload in ten seconds, or another release at work."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    path, *flags = operation.data
    file = found(element, path)
    if file is None or file.label is None or flaw(file):
        return _failed(element, flaw(file))
    element, why = _on_standby(element, file, now, troubles)
    if why:
        return _failed(element, why)
    tree = set_to_boot(element.running, path)
    element = replace(element, running=tree, startup=tree, saved=now, saved_by="install all")
    release = file.label.boots
    element = settled(element, committed=release)
    if "no-reload" in flags:
        text = f"{_STEPS}Install has been successful. Reload the switch to run the new image.\n"
        return _ended(element, text, Note(kind="save"))
    if reason(element, path, asked="non-disruptive" in flags):
        text = f"{_STEPS}Finishing the upgrade, switch will reboot in 10 seconds.\n"
        element = settled(replace(element, reboot_at=now + _RELOAD_S), reason=BY_UPGRADE)
        return _ended(element, text, Note(kind="activate", subject=release))
    return _switched(element, file.label, file.name, troubles)


def _on_standby(
    element: Element, file: File, now: float, troubles: frozenset[str]
) -> tuple[Element, str]:
    """With the image on the other supervisor too, or what was wrong there."""
    peer = store_of(element, BOOTFLASH, REMOTE)
    if peer is None or "standby_missing" in troubles:
        return element, ""
    if "flash_full" in troubles or not peer.takes(file.name, file.size):
        return element, "No space left on device on standby supervisor"
    return with_file(element, peer, replace(file, time=now)), ""


def _switched(element: Element, label: Label, name: str, troubles: frozenset[str]) -> Outcome:
    """Without a reload: the new release takes over while ports go on forwarding."""
    activated = Note(kind="activate", text="non-disruptive", subject=label.boots)
    wrong = set(label.flags) | set(troubles)
    text = f"{_STEPS}Notifying services about the switchover.\n"
    if "boot_loop" in wrong:
        text += f"{FAIL}Install has failed.\n"
        return _ended(_reverted(element), text, activated, what="install all failed")
    text += (
        f'{BAR}\n\n"Switching over onto standby".\n\nNon-disruptive upgrading.\n{BAR}\n\n'
        "Install has been successful.\n"
    )
    fresh = running(element, label, name, (UNIT,) if "unit_fails" in wrong else ())
    ran = Note(kind="release", text="switched over", subject=label.boots)
    return _ended(fresh, text, activated, ran)


def _failed(element: Element, why: str) -> Outcome:
    return _ended(element, f"Install has failed.\n{why}\n", what="install all failed")


def _reverted(element: Element) -> Element:
    """What runs is the boot variable again: its containers never left."""
    tree = set_to_boot(element.running, installed(element).image)
    element = replace(element, running=tree, startup=tree)
    return settled(element, committed=element.software.release)


def _ended(element: Element, text: str, *notes: Note, what: str = "install all done") -> Outcome:
    state = installed(element)
    fresh = settled(
        element,
        operation=None,
        state=replace(state, log=f"{state.log}{text}", said=text),
    )
    return Outcome(element=fresh, notes=(Note(kind="operation", text=what), *notes))


def told(element: Element, terminal: Terminal) -> Reply:
    """The terminal that waited is told what came of it."""
    return Reply(
        text=installed(element).said, element=element, terminal=replace(terminal, awaits=None)
    )


ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "install-all": _all,
}
ANSWERS: dict[str, Callable[[Element, Terminal, str, str, Surroundings], Reply]] = {
    "install-sure": sure,
}
