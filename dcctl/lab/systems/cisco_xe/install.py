"""`install …`: images are added, activated, committed, taken back and removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import File, Net, Operation, Outcome, Wait, settled
from dcctl.lab.systems.cisco_xe import nvram
from dcctl.lab.systems.cisco_xe.scene import Scene, moment
from dcctl.lab.systems.cisco_xe.software import (
    ABORT_MINUTES,
    PLATFORM,
    REMOVED_S,
    Installed,
    Package,
    installed,
    place,
    turned,
    with_packages,
)

COMMANDS = (
    ("install add file <word>", "install-add", 15),
    ("install add file <word> activate commit [prompt-level none]", "install-all", 15),
    ("install activate [prompt-level none]", "install-activate", 15),
    (
        "install activate auto-abort-timer <int:30-1200> [prompt-level none]",
        "install-activate",
        15,
    ),
    ("install auto-abort-timer stop", "install-stop", 15),
    ("install commit", "install-commit", 15),
    ("install abort [prompt-level none]", "install-abort", 15),
    ("install rollback to (committed|base) [prompt-level none]", "install-rollback", 15),
    ("install remove inactive [prompt-level none]", "install-remove", 15),
    ("show install (active|inactive|committed|uncommitted)", "install-some", 1),
)
_SECONDS = {
    "install_add": 75.0,
    "install_add_activate_commit": 195.0,
    "install_activate": 120.0,
    "install_commit": 15.0,
    "install_abort": 60.0,
    "install_rollback": 60.0,
    "install_remove": 20.0,
}
_SAVE = (
    "System configuration has been modified.\n"
    "Press Yes(y) to save the configuration and proceed.\n"
    "Press No(n) for proceeding without saving the configuration.\n"
    "Press Quit(q) to exit, you may save configuration and re-enter the command. [y/n/q]"
)
_RELOAD = "This operation may require a reload of the system. Do you want to proceed? [y/n]"
_LINE = "-" * 80


# --- what it shows --------------------------------------------------------------------------------


def summary(scene: Scene) -> str:
    """`show install summary`, and of one state only."""
    wanted = {"inactive": "I", "uncommitted": "UD", "committed": "C", "active": "UC"}
    word = scene.arguments[0] if scene.arguments else ""
    kept = wanted.get(word, "IUCD")
    shown = [one for one in installed(scene.element).packages if one.state in kept]
    title = (
        f"{word.title()} Package(s) Information:" if word else "Installed Package(s) Information:"
    )
    nodes = "R0 R1" if scene.element.chassis.supervisors > 1 else "R0"
    if "standby_missing" in scene.around.troubles:
        nodes = "R0"
    rows = "".join(f"IMG   {one.state}    {one.version}\n" for one in shown)
    return f"""\
[ {nodes} ] {title}
State (St): I - Inactive, U - Activated & Uncommitted,
            C - Activated & Committed, D - Deactivated & Uncommitted
{_LINE}
Type  St   Filename/Version
{_LINE}
{rows or "No packages" + chr(10)}
{_LINE}
Auto abort timer: {_timer(scene)}
{_LINE}
"""


def _timer(scene: Scene) -> str:
    net = scene.element.software.net
    if net is None:
        return "inactive"
    left = max(0, int(net.due - scene.around.now))
    shown = f"{left // 3600:02d}:{left // 60 % 60:02d}:{left % 60:02d}"
    return f"active on install_activate, time before rollback - {shown}"


# --- commands -------------------------------------------------------------------------------------


def begin(
    element: Element, terminal: Terminal, around: Surroundings, what: str, *data: str
) -> Reply:
    """An operation starts; the terminal waits for it."""
    head = f"{what}: START {moment(around.now)}\n"
    if element.software.operation:
        text = f"{head}FAILED: {what} : an install operation is in progress\n"
        return Reply(text=text, element=element, terminal=terminal)
    state = installed(element)
    number = state.operations + 1
    operation = Operation(
        what=what,
        number=number,
        since=around.now,
        due=around.now + _SECONDS[what],
        data=data,
    )
    busy = settled(element, operation=operation, state=replace(state, operations=number, said=""))
    waiting = replace(terminal, awaits=Wait(operation=number))
    note = Note(kind="operation", text=f"{what} started", subject=" ".join(data))
    return Reply(text=head, element=busy, terminal=waiting, notes=(note,))


def _add(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    return begin(element, terminal, around, "install_add", match.arguments[0])


def _asked(what: str) -> Callable[[Element, Terminal, Match, Surroundings], Reply]:
    """A command that reloads: it asks, unless told not to."""

    def act(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
        data = list(match.arguments)
        if what == "install_activate":
            data = data or [str(ABORT_MINUTES)]
        if match.words[-1] == "none":
            return begin(element, terminal, around, what, *data)
        pending = " ".join(["install", what, *data])
        changed = dict(element.running) != dict(element.startup)
        question, kind = (_SAVE, "install-save") if changed else (_RELOAD, "install")
        asking = replace(
            terminal,
            pending=f"{kind}{pending.removeprefix('install')}",
            question=question,
            expects="key",
        )
        return Reply(text="", element=element, terminal=asking)

    return act


def _commit(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    return begin(element, terminal, around, "install_commit")


def _stop(element: Element, terminal: Terminal, _match: Match, around: Surroundings) -> Reply:
    stamp = moment(around.now)
    text = f"install_auto_abort_timer_stop: START {stamp}\nSUCCESS: install_auto_abort_timer_stop {stamp}\n"
    return Reply(text=text, element=settled(element, net=None), terminal=terminal)


def _remove(element: Element, terminal: Terminal, match: Match, around: Surroundings) -> Reply:
    idle = [one for one in installed(element).packages if one.state == "I"]
    if not idle:
        text = (
            f"install_remove: START {moment(around.now)}\ninstall_remove: Removing IMG\n"
            "Cleaning up unnecessary package files\n"
            "SUCCESS: No extra package or provisioning files found on media. Nothing to clean.\n"
            f"SUCCESS: install_remove {moment(around.now)}\n"
        )
        return Reply(text=text, element=element, terminal=terminal)
    if match.words[-1] == "none":
        return begin(element, terminal, around, "install_remove")
    files = "".join(f"    [R0]: /bootflash/{one.file or one.version}\n" for one in idle)
    text = f"install_remove: START {moment(around.now)}\nThe following files will be deleted:\n{files}\n"
    asking = replace(
        terminal,
        pending="install install_remove",
        question="Do you want to remove the above files? [y/n]",
        expects="key",
    )
    return Reply(text=text, element=element, terminal=asking)


ACTIONS: dict[str, Callable[[Element, Terminal, Match, Surroundings], Reply]] = {
    "install-add": _add,
    "install-all": _asked("install_add_activate_commit"),
    "install-activate": _asked("install_activate"),
    "install-stop": _stop,
    "install-commit": _commit,
    "install-abort": _asked("install_abort"),
    "install-rollback": _asked("install_rollback"),
    "install-remove": _remove,
}


# --- answers --------------------------------------------------------------------------------------


def proceed(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    """The answer to whether it may reload."""
    what, *data = detail.split(" ")
    if line.strip().lower() != "y":
        text = f"{line}\nFAILED: {what} : user aborted {moment(around.now)}\n"
        return Reply(text=text, element=element, terminal=calm)
    reply = begin(element, calm, around, what, *data)
    return replace(reply, text=f"{line}\n{reply.text}")


def save(
    element: Element,
    _terminal: Terminal,
    calm: Terminal,
    line: str,
    detail: str,
    around: Surroundings,
) -> Reply:
    """The answer to whether the configuration is to be saved first."""
    said = line.strip().lower()
    if said not in ("y", "n"):
        return Reply(text=f"{line}\n", element=element, terminal=calm)
    text = f"{line}\n"
    notes: tuple[Note, ...] = ()
    if said == "y":
        element = nvram.saved(element, around.now, calm.user)
        text += "Building configuration...\n[OK]Modified configuration has been saved\n"
        notes = (Note(kind="save"),)
    asking = replace(calm, pending=f"install {detail}", question=_RELOAD, expects="key")
    return Reply(text=text, element=element, terminal=asking, notes=notes)


# --- what comes of it -----------------------------------------------------------------------------


def _passed(title: str, what: str, now: float) -> str:
    return (
        f"--- Starting {title} ---\nPerforming {title} on all members\n"
        f"  [1] {title} package(s) on R0\n  [1] Finished {title} on R0\n"
        f"Checking status of {title} on [R0]\n{title}: Passed on [R0]\nFinished {title}\n\n"
        f"SUCCESS: {what} {moment(now)}\n"
    )


def _refused(element: Element, why: str, now: float) -> Outcome:
    operation = element.software.operation
    what = operation.what if operation else ""
    text = f"FAILED: {what} : {why} {moment(now)}\n"
    note = Note(kind="operation", text=f"{what} failed")
    return Outcome(element=_telling(element, text), notes=(note,))


def _telling(element: Element, text: str) -> Element:
    return settled(element, state=replace(installed(element), said=text), operation=None)


def _image(element: Element, path: str) -> tuple[File | None, str]:
    found = place(element, path)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return None, f"{path}: No such file or directory"
    if file.label is None or file.label.role != "system":
        return None, f"{path} is not a valid package file"
    if not file.whole or "bad_signature" in file.label.flags:
        return None, f"{path}: Digital signature verification failed"
    if file.label.platform != PLATFORM:
        return None, f"{path}: image is not compatible with this platform"
    return file, ""


def _added(element: Element, path: str, state: str) -> tuple[Element, str]:
    file, why = _image(element, path)
    if file is None or file.label is None:
        return element, why
    fresh = Package(label=file.label, state=state, file=file.name)
    others = installed(element).packages
    if any(one.version == fresh.version and one.state != "I" for one in others):
        return element, f"Super package already added. {fresh.version} is active"
    kept = tuple(one for one in others if one.version != fresh.version)
    return with_packages(element, (fresh, *kept)), ""


def _finish_add(element: Element, data: tuple[str, ...], now: float, full: bool) -> Outcome:  # noqa: FBT001 - as a fault tells it
    if full:
        return _refused(element, "Not enough space in /bootflash", now)
    fresh, why = _added(element, data[0], "I")
    if why:
        return _refused(element, why, now)
    version = installed(fresh).packages[0].version
    text = f"install_add: Adding IMG\n{_passed('Add', 'install_add', now)}"
    text = text.replace("SUCCESS", f"Image added. Version: {version}\n\nSUCCESS")
    return Outcome(
        element=_telling(fresh, text),
        notes=(Note(kind="operation", text="install_add done", subject=version),),
    )


def _finish_activate(element: Element, data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    packages = installed(element).packages
    idle = next((one for one in packages if one.state == "I"), None)
    if any(one.state == "U" for one in packages):
        return _refused(element, "an uncommitted image is active; commit or abort it first", now)
    if idle is None:
        return _refused(element, "there is no inactive package to activate", now)
    states = tuple(replace(one, state="U") if one is idle else one for one in packages)
    fresh = with_packages(element, turned(states, C="D"))
    minutes = int(data[0])
    fresh = settled(fresh, net=Net(due=now + 60 * minutes, minutes=minutes))
    text = f"install_activate: Activating IMG\n{_passed('Activate', 'install_activate', now)}"
    return _reloads(_telling(fresh, text), now, "activate", idle.label.boots)


def _finish_all(element: Element, data: tuple[str, ...], now: float, full: bool) -> Outcome:  # noqa: FBT001
    what = "install_add_activate_commit"
    packages = installed(element).packages
    if full:
        return _refused(element, "Not enough space in /bootflash", now)
    element = with_packages(element, turned(packages, C="I", U="I", D="I"))
    fresh, why = _added(element, data[0], "C")
    if why:
        return _refused(with_packages(element, packages), why, now)
    text = "\n".join(_passed(title, what, now) for title in ("Add", "Activate", "Commit"))
    release = installed(fresh).packages[0].label.boots
    return _reloads(_telling(fresh, text), now, "activate", release)


def _finish_commit(element: Element, _data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    packages = installed(element).packages
    if not any(one.state == "U" for one in packages):
        return _refused(element, "there is nothing to commit", now)
    fresh = with_packages(element, turned(packages, U="C", D="I"))
    text = f"install_commit: Committing IMG\n{_passed('Commit', 'install_commit', now)}"
    note = Note(kind="operation", text="install_commit done", subject=fresh.software.committed)
    return Outcome(element=settled(_telling(fresh, text), net=None), notes=(note,))


def _finish_back(element: Element, _data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    operation = element.software.operation
    what = operation.what if operation else "install_abort"
    if not any(one.state == "U" for one in installed(element).packages):
        return _refused(element, "there is no uncommitted activation", now)
    title = "Abort" if what == "install_abort" else "Rollback"
    text = f"{what}: {title} of IMG\n{_passed(title, what, now)}"
    return _back(_telling(element, text), now)


def _finish_remove(element: Element, _data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    packages = installed(element).packages
    fresh = with_packages(element, tuple(one for one in packages if one.state != "I"))
    for store in fresh.stores:
        for one in packages:
            if one.state == "I" and one.file in store.files:
                stores = tuple(
                    held.without(one.file) if held.name == store.name else held
                    for held in fresh.stores
                )
                fresh = replace(fresh, stores=stores)
    text = f"Deleting files ... done.\nSUCCESS: Files deleted.\nSUCCESS: install_remove {moment(now)}\n"
    return Outcome(
        element=_telling(fresh, text), notes=(Note(kind="operation", text="install_remove done"),)
    )


def _reloads(element: Element, now: float, what: str, release: str) -> Outcome:
    planned = settled(replace(element, reboot_at=now + REMOVED_S), reason="Image Install")
    return Outcome(element=planned, notes=(Note(kind=what, subject=release),))


def _back(element: Element, now: float) -> Outcome:
    packages = turned(installed(element).packages, U="I", D="C")
    fresh = settled(with_packages(element, packages), net=None)
    return _reloads(fresh, now, "revert", fresh.software.committed)


_FINISHES: dict[str, Callable[[Element, tuple[str, ...], float, bool], Outcome]] = {
    "install_add": _finish_add,
    "install_add_activate_commit": _finish_all,
    "install_activate": _finish_activate,
    "install_commit": _finish_commit,
    "install_abort": _finish_back,
    "install_rollback": _finish_back,
    "install_remove": _finish_remove,
}


def finish(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The operation came to its end."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    return _FINISHES[operation.what](element, operation.data, now, "flash_full" in troubles)


def net_expired(element: Element, now: float) -> Outcome:
    """The auto abort timer ran out: as if `install abort` had been said."""
    return _back(element, now)


def told(element: Element, terminal: Terminal) -> Reply:
    """The terminal that waited is told what came of it."""
    state: Installed = installed(element)
    return Reply(text=state.said, element=element, terminal=replace(terminal, awaits=None))
