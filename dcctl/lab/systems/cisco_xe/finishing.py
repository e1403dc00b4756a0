"""What comes of `install …`: how each operation ends, and what its terminal is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Terminal
from dcctl.lab.elements.software import File, Net, Outcome, settled
from dcctl.lab.systems.cisco_xe.scene import moment
from dcctl.lab.systems.cisco_xe.software import (
    PLATFORM,
    REMOVED_S,
    Installed,
    Package,
    installed,
    place,
    turned,
    with_packages,
)


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
