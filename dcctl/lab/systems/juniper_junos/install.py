"""`request system software …` and `request vmhost software …`: packages are added and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import (
    File,
    Operation,
    Outcome,
    Wait,
    settled,
    store_of,
    with_store,
)
from dcctl.lab.systems.juniper_junos import software
from dcctl.lab.systems.juniper_junos.software import PLATFORM, installed, place, with_engine

COMMANDS = (
    ("request system software validate <word>", "software-validate"),
    ("request system software add <line>", "software-add"),
    ("request system software rollback [<line>]", "software-rollback"),
    ("request vmhost software add <line>", "host-add"),
    ("request vmhost software rollback [<line>]", "host-rollback"),
    ("request system snapshot [<line>]", "snapshot"),
    ("request vmhost snapshot [<line>]", "host-snapshot"),
    ("request system configuration rescue save", "rescue"),
)
_SAID_S = 5.0  # from the last word to the reboot
_SECONDS = {"validate": 60.0, "add": 180.0, "rollback": 20.0, "snapshot": 90.0}
_OPTIONS = (
    "best-effort-load", "force", "force-host", "no-copy", "no-validate", "reboot", "unlink",
    "validate", "in-service",
)  # fmt: skip
_LATER = (
    "WARNING: A REBOOT IS REQUIRED TO LOAD THIS SOFTWARE CORRECTLY. Use the\n"
    "WARNING: 'request {kind} reboot' command when software installation is\n"
    "WARNING: complete. To abort the installation, do not reboot your system,\n"
    "WARNING: instead use the 'request {kind} software rollback'\n"
    "WARNING: command as soon as this operation completes.\n\n"
)


def not_here(scene: Scene) -> Reply:
    """What a command of another family of models says."""
    return scene.reply(
        f"error: command is not valid on the {scene.element.chassis.model.lower()}\n"
    )


def begin(scene: Scene, what: str, *data: str) -> Reply:
    """An operation starts; the terminal waits for it."""
    element, now = scene.element, scene.around.now
    if element.software.operation:
        return scene.reply("error: another package installation in progress\n")
    state = installed(element)
    number = state.operations + 1
    operation = Operation(
        what=what, number=number, since=now, due=now + _SECONDS[what.rpartition("-")[2]], data=data
    )
    busy = settled(element, operation=operation, state=replace(state, operations=number, said=""))
    waiting = replace(scene.terminal, awaits=Wait(operation=number))
    note = Note(kind="operation", text=f"{what} started", subject=" ".join(data))
    return Reply(text="", element=busy, terminal=waiting, notes=(note,))


def told(element: Element, terminal: Terminal) -> Reply:
    """The terminal that waited is told what came of it."""
    gone = "reboot" in terminal.flags and element.reboot_at > 0
    calm = replace(terminal, awaits=None, closed=gone)
    return Reply(text=installed(element).said, element=element, terminal=calm)


# --- commands -------------------------------------------------------------------------------------


def _engine(scene: Scene, words: list[str]) -> int | None:
    """The routing engine that is meant; None where it is not there."""
    state = installed(scene.element)
    named = next((word for word in words if word in ("re0", "re1")), f"re{state.master}")
    number = int(named[-1])
    if number >= len(state.engines):
        return None
    return None if number != state.master and "standby_missing" in scene.around.troubles else number


def _add(kind: str) -> Callable[[Scene], Reply]:
    def act(scene: Scene) -> Reply:
        path, *options = " ".join(scene.arguments).split()
        host = software.vmhost(scene.element.chassis)
        if kind == "vmhost" and not host:
            return not_here(scene)
        if kind == "system" and host:
            text = f"error: {path}: Use the 'request vmhost software add' command on this model\n"
            return scene.reply(text)
        unknown = [one for one in options if one not in (*_OPTIONS, "re0", "re1")]
        if unknown:
            return scene.reply(f"error: syntax error: {unknown[0]}\n")
        number = _engine(scene, options)
        if number is None:
            return scene.reply("error: could not connect to the other routing-engine\n")
        reply = begin(scene, f"{kind}-add", path, str(number), *options)
        if "reboot" not in options:
            return reply
        flags = reply.terminal.flags | {"reboot"}
        return replace(reply, terminal=replace(reply.terminal, flags=flags))

    return act


def _rollback(kind: str) -> Callable[[Scene], Reply]:
    def act(scene: Scene) -> Reply:
        if (kind == "vmhost") != software.vmhost(scene.element.chassis):
            return not_here(scene)
        number = _engine(scene, " ".join(scene.arguments).split())
        if number is None:
            return scene.reply("error: could not connect to the other routing-engine\n")
        return begin(scene, f"{kind}-rollback", str(number))

    return act


def _snapshot(kind: str) -> Callable[[Scene], Reply]:
    def act(scene: Scene) -> Reply:
        if kind == "vmhost" and not software.vmhost(scene.element.chassis):
            return not_here(scene)
        return begin(scene, f"{kind}-snapshot")

    return act


def _rescue(scene: Scene) -> Reply:
    state = replace(installed(scene.element), rescue=True)
    kept = settled(scene.element, state=state)
    return Reply(text="", element=kept, terminal=scene.terminal)


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "software-validate": lambda scene: begin(scene, "system-validate", scene.arguments[0]),
    "software-add": _add("system"),
    "software-rollback": _rollback("system"),
    "host-add": _add("vmhost"),
    "host-rollback": _rollback("vmhost"),
    "snapshot": _snapshot("system"),
    "host-snapshot": _snapshot("vmhost"),
    "rescue": _rescue,
}


# --- what comes of it -----------------------------------------------------------------------------


def _telling(element: Element, text: str) -> Element:
    return settled(element, state=replace(installed(element), said=text), operation=None)


def _refused(element: Element, why: str) -> Outcome:
    operation = element.software.operation
    note = Note(kind="operation", text=f"{operation.what if operation else ''} failed")
    return Outcome(element=_telling(element, f"{why}\n"), notes=(note,))


def _package(element: Element, path: str) -> tuple[File | None, str]:
    found = place(element, path)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return None, f"error: {path}: No such file or directory"
    if file.label is None or not file.whole:
        return None, f"ERROR: {path} is not a valid package: unexpected end of archive"
    if "bad_signature" in file.label.flags:
        return None, f"ERROR: {path}: package verification failed: signature not trusted"
    if file.label.platform != PLATFORM:
        return None, f"ERROR: {path}: package is not for this architecture"
    return file, ""


def _validate(
    element: Element, data: tuple[str, ...], _now: float, _troubles: frozenset[str]
) -> Outcome:
    file, why = _package(element, data[0])
    if file is None:
        return _refused(element, why)
    note = Note(kind="operation", text="validate done", subject=data[0])
    return Outcome(element=_telling(element, _validation(data[0])), notes=(note,))


def _validation(path: str) -> str:
    return (
        "Checking compatibility with configuration\nInitializing...\n"
        f"Using {path}\nVerified manifest signed by PackageProductionECP256_2023 method ECDSA256+SHA256\n"
        "Hardware Database regeneration succeeded\nValidating against /config/juniper.conf.gz\n"
        "mgd: commit complete\nValidation succeeded\n"
    )


def _finish_add(
    element: Element, data: tuple[str, ...], now: float, troubles: frozenset[str]
) -> Outcome:
    path, number, options = data[0], int(data[1]), data[2:]
    file, why = _package(element, path)
    if file is None or file.label is None:
        return _refused(element, why)
    if "flash_full" in troubles:
        return _refused(element, "ERROR: Not enough space in /var to unpack the package")
    kind = "vmhost" if software.vmhost(element.chassis) else "system"
    pushed = number != installed(element).master
    text = f"Pushing Junos image package to re{number}:{path}\n" if pushed else ""
    text += "" if "no-validate" in options else _validation(path)
    text += (
        f"Installing package '{path}' ...\n"
        "Verified manifest signed by PackageProductionECP256_2023 method ECDSA256+SHA256\n"
        "Verified contents.iso\nVerified package.xml\nVerified pkgtools.tgz\n"
        "Saving the config files ...\n"
        "NOTICE: 'pending' set will be activated at next reboot...\n"
    )
    fresh = with_engine(element, number, pending=file.label)
    there = store_of(fresh, software.TEMP, f"re{number}")
    if pushed and there:  # what was pushed stays there
        fresh = with_store(fresh, there.holding(file))
    if "unlink" in options:
        found = place(fresh, path)
        fresh = with_store(fresh, found[0].without(found[1])) if found else fresh
    notes = (Note(kind="operation", text=f"re{number} add done", subject=file.label.release),)
    if "reboot" not in options:
        return Outcome(element=_telling(fresh, text + _LATER.format(kind=kind)), notes=notes)
    told_so = _telling(fresh, f"{text}Rebooting ...\n")
    if pushed:
        return Outcome(element=rebooted(told_so, number, now, troubles), notes=notes)
    return Outcome(
        element=planned(told_so, now + _SAID_S, "host" if kind == "vmhost" else ""), notes=notes
    )


def planned(element: Element, at: float, restart: str) -> Element:
    """It will restart then, in this way."""
    state = replace(installed(element), restart=restart)
    return settled(replace(element, reboot_at=at), state=state)


def rebooted(element: Element, number: int, now: float, troubles: frozenset[str]) -> Element:
    """A routing engine that is not master restarts by itself."""
    engine = software.started(element, number, now + software.ENGINE_BOOT_S, troubles)
    state = installed(element)
    engines = (*state.engines[:number], engine, *state.engines[number + 1 :])
    return settled(element, state=replace(state, engines=engines))


def _finish_rollback(
    element: Element, data: tuple[str, ...], _now: float, _troubles: frozenset[str]
) -> Outcome:
    number = int(data[0])
    engine = installed(element).engines[number]
    kind = "vmhost" if software.vmhost(element.chassis) else "system"
    if engine.pending:
        fresh = with_engine(element, number, pending=None)
        text = f"Removing pending package set\nJunos version '{engine.label.boots}' stays active\n"
    elif engine.previous:
        fresh = with_engine(element, number, pending=engine.previous)
        text = (
            f"Junos version '{engine.previous.boots}' will become active at next reboot\n"
            f"WARNING: A reboot is required to load this software correctly\n"
            f"WARNING:     Use the 'request {kind} reboot' command\n"
            "WARNING:         when software installation is complete\n"
        )
    else:
        return _refused(element, "error: no previous software set to roll back to")
    note = Note(
        kind="operation", text=f"re{number} rollback done", subject=fresh.software.committed
    )
    return Outcome(element=_telling(fresh, text), notes=(note,))


def _finish_snapshot(
    element: Element, _data: tuple[str, ...], _now: float, troubles: frozenset[str]
) -> Outcome:
    if "flash_full" in troubles:
        return _refused(element, "error: Not enough space for the snapshot")
    state = installed(element)
    engine = state.engines[state.master]
    fresh = with_engine(element, state.master, snapshot=engine.label)
    text = (
        f"Creating image: non-recovery snapshot of {engine.label.boots}\n"
        "Snapshot creation completed successfully\n"
    )
    note = Note(kind="operation", text="snapshot done", subject=engine.label.boots)
    return Outcome(element=_telling(fresh, text), notes=(note,))


_FINISHES: dict[str, Callable[[Element, tuple[str, ...], float, frozenset[str]], Outcome]] = {
    "validate": _validate,
    "add": _finish_add,
    "rollback": _finish_rollback,
    "snapshot": _finish_snapshot,
}


def finish(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The operation came to its end."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    what = operation.what.rpartition("-")[2]
    return _FINISHES[what](element, operation.data, now, troubles)
