"""What comes of `install …` and `upgrade hw-module …`: how each operation ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from dcctl.lab.elements.model import Element, Note
from dcctl.lab.elements.software import Outcome, settled
from dcctl.lab.systems.cisco_xr.software import (
    PLATFORM,
    Installed,
    Package,
    changed,
    installed,
    place,
)

_RELOADS_S = 10.0  # from the end of an operation to its reload


def _ended(element: Element, now: float, result: str, *rows: str) -> Element:
    log = installed(element).log
    last = replace(log[-1], until=now, result=result, rows=rows)
    return settled(changed(element, log=(*log[:-1], last)), operation=None)


def _aborted(element: Element, now: float, why: str) -> Outcome:
    note = Note(kind="operation", text="aborted", subject=str(installed(element).log[-1].number))
    return Outcome(element=_ended(element, now, "aborted", f"ERROR! {why}"), notes=(note,))


def _done(element: Element, now: float, *rows: str) -> Outcome:
    number = str(installed(element).log[-1].number)
    note = Note(kind="operation", text="finished", subject=number)
    return Outcome(element=_ended(element, now, "finished successfully", *rows), notes=(note,))


def _package(element: Element, path: str, number: int) -> tuple[Package | None, str]:
    found = place(element, path)
    file = found[0].files.get(found[1]) if found else None
    if file is None:
        return None, f"{path} does not exist"
    if file.label is None or file.label.platform != PLATFORM:
        return None, f"{file.name} is not a package of this platform"
    if not file.whole:
        return None, f"{file.name}: checksum does not match, the file is corrupt"
    if "bad_signature" in file.label.flags:
        return None, f"{file.name}: signature verification failed"
    name = file.name.rpartition("/")[2].removesuffix(".iso").removesuffix(".rpm")
    return Package(label=file.label, name=name, operation=number), ""


def _added(element: Element, path: str) -> tuple[Element, Package | None, str]:
    operation, state = element.software.operation, installed(element)
    package, why = _package(element, path, operation.number if operation else 0)
    if package is None:
        return element, None, why
    kept = tuple(one for one in state.packages if one.name != package.name)
    return changed(element, packages=(*kept, package)), package, ""


def _add_ends(element: Element, data: tuple[str, ...], now: float, full: bool) -> Outcome:  # noqa: FBT001 - as a fault tells it
    if full:
        return _aborted(element, now, "not enough space in the software repository")
    fresh, package, why = _added(element, data[0])
    if package is None:
        return _aborted(element, now, why)
    return _done(fresh, now, "Packages added:", f"    {package.name}")


def _activate(element: Element, now: float, package: Package) -> Outcome:
    state: Installed = installed(element)
    if package.label.boots == state.active.boots:
        return _aborted(element, now, f"{package.name} is already active")
    fresh = changed(element, active=package.label, switching=True)
    done = _done(fresh, now, "Packages activated:", f"    {package.name}")
    planned = replace(done.element, reboot_at=now + _RELOADS_S)
    note = Note(kind="activate", subject=package.label.boots)
    return Outcome(element=planned, notes=(*done.notes, note))


def _activate_ends(element: Element, data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    found = [
        one for one in installed(element).packages if data[0] in (str(one.operation), one.name)
    ]
    if not found:
        return _aborted(element, now, f"no package was added by operation {data[0]}")
    return _activate(element, now, found[-1])


def _replace_ends(element: Element, data: tuple[str, ...], now: float, full: bool) -> Outcome:  # noqa: FBT001
    if full:
        return _aborted(element, now, "not enough space in the software repository")
    fresh, package, why = _added(element, data[0])
    if package is None:
        return _aborted(element, now, why)
    return _activate(fresh, now, package)


def _commit_ends(element: Element, _data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    active = installed(element).active
    return _done(changed(element, committed=active), now, "Committed the active packages")


def _rollback_ends(element: Element, _data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    state = installed(element)
    if state.active.boots == state.committed.boots:
        return _aborted(element, now, "the committed packages are active already")
    done = _done(changed(element, active=state.committed), now, "Rolled back to committed")
    note = Note(kind="revert", subject=state.committed.boots)
    planned = replace(done.element, reboot_at=now + _RELOADS_S)
    return Outcome(element=planned, notes=(*done.notes, note))


def _remove_ends(element: Element, _data: tuple[str, ...], now: float, _full: bool) -> Outcome:  # noqa: FBT001
    state = installed(element)
    used = (state.active, state.committed)
    kept = tuple(one for one in state.packages if one.label in used)
    gone = [one.name for one in state.packages if one.label not in used]
    rows = ("Packages removed:", *(f"    {name}" for name in gone))
    return _done(changed(element, packages=kept), now, *rows)


def _fpd_ends(element: Element, data: tuple[str, ...], _now: float, _full: bool) -> Outcome:  # noqa: FBT001
    fresh = settled(changed(element, programmed=data[0]), operation=None)
    note = Note(kind="operation", text="fpd finished", subject=data[0])
    return Outcome(element=fresh, notes=(note,))


_ENDS: MappingProxyType[str, Callable[[Element, tuple[str, ...], float, bool], Outcome]]
_ENDS = MappingProxyType(
    {
        "add": _add_ends,
        "activate": _activate_ends,
        "replace": _replace_ends,
        "commit": _commit_ends,
        "rollback": _rollback_ends,
        "remove": _remove_ends,
        "fpd": _fpd_ends,
    }
)


def finish(element: Element, now: float, troubles: frozenset[str]) -> Outcome:
    """The operation came to its end."""
    operation = element.software.operation
    if operation is None:
        return Outcome(element=element)
    return _ENDS[operation.what](element, operation.data, now, "flash_full" in troubles)
