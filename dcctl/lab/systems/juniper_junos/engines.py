"""Routing engines: which is master, how mastership changes, and how one or all of them restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.software import settled
from dcctl.lab.systems.juniper_junos import software
from dcctl.lab.systems.juniper_junos.install import not_here, planned, rebooted
from dcctl.lab.systems.juniper_junos.scene import stamped
from dcctl.lab.systems.juniper_junos.software import installed

COMMANDS = (
    ("request system reboot [(both-routing-engines|other-routing-engine|local)]", "reboot"),
    ("request system reboot in <int:0-100000>", "reboot-in"),
    ("request vmhost reboot", "host-reboot"),
    ("request chassis routing-engine master (switch|acquire|release)", "master"),
    ("request chassis routing-engine master switch no-confirm", "master-at-once"),
    ("request chassis routing-engine master switch check", "master-check"),
)
_APART_S = 240.0  # between two graceful switchovers, and after an engine came up
_NOT_READY = (
    "warning: Standby Routing Engine is not ready for graceful switchover.\n"
    "Packet Forwarding Engines that are not ready for graceful switchover might be reset\n"
)
_INTERRUPTED = "warning: Traffic will be interrupted while the PFE is re-initialized\n"
_ALONE = "error: the other routing-engine is not present\n"


def other(element: Element, around: Surroundings) -> int | None:
    """The routing engine that is not master, where there is one that is up."""
    state = installed(element)
    if len(state.engines) < 2 or "standby_missing" in around.troubles:  # noqa: PLR2004 - a pair
        return None
    number = 1 - state.master
    return number if state.engines[number].up_at <= around.now else None


def _hindrance(element: Element, around: Surroundings) -> str:
    """Why a change of mastership would be noticed, or nothing."""
    state, number = installed(element), other(element, around)
    if number is None or not software.graceful(element):
        return _INTERRUPTED
    same = len({one.label.boots for one in state.engines}) == 1
    latest = max(state.switched, *(one.up_at for one in state.engines))
    return "" if same and around.now - latest >= _APART_S else _NOT_READY


# --- commands -------------------------------------------------------------------------------------


def _asking(scene: Scene, pending: str, question: str) -> Reply:
    asking = replace(scene.terminal, pending=pending, question=f"{question} [yes,no] (no) ")
    return Reply(text="", element=scene.element, terminal=asking)


def _reboot(scene: Scene) -> Reply:
    which = scene.line.split()[-1]
    if which == "other-routing-engine":
        if other(scene.element, scene.around) is None:
            return scene.reply(_ALONE)
        return _asking(scene, "engine 0", "Reboot the other routing engine ?")
    return _asking(scene, f"restart {which}", "Reboot the system ?")


def _host_reboot(scene: Scene) -> Reply:
    if not software.vmhost(scene.element.chassis):
        return not_here(scene)
    return _asking(scene, "restart host", "Reboot the vmhost ?")


def _master(scene: Scene) -> Reply:
    if other(scene.element, scene.around) is None:
        return scene.reply(_ALONE)
    if scene.line.endswith("acquire"):
        return scene.reply("error: this routing engine is the master already\n")
    reply = _asking(scene, "master 0", "Toggle mastership between routing engines ?")
    return replace(reply, text=_hindrance(scene.element, scene.around))


def _master_at_once(scene: Scene) -> Reply:
    if other(scene.element, scene.around) is None:
        return scene.reply(_ALONE)
    return switched(scene.element, scene.terminal, scene.around)


def _master_check(scene: Scene) -> Reply:
    if other(scene.element, scene.around) is None:
        return scene.reply(_ALONE)
    return scene.reply(_hindrance(scene.element, scene.around) or "Switchover Ready\n")


def _reboot_in(scene: Scene) -> Reply:
    return _asking(scene, f"reboot {scene.arguments[0]}", "Reboot the system ?")


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "reboot": _reboot,
    "reboot-in": _reboot_in,
    "host-reboot": _host_reboot,
    "master": _master,
    "master-at-once": _master_at_once,
    "master-check": _master_check,
}


# --- what a yes brings about ----------------------------------------------------------------------


def restarted(element: Element, terminal: Terminal, which: str, around: Surroundings) -> Reply:
    """All of it restarts, or the master alone where another routing engine stands by."""
    alone = which not in ("both-routing-engines", "host") and other(element, around) is not None
    text = "Shutdown NOW!\n[pid 4711]\n"
    gone = replace(terminal, closed=True)
    if alone and not _hindrance(element, around):
        before = installed(element).master
        fresh = rebooted(_mastered(element, around.now), before, around.now, around.troubles)
        note = Note(kind="operation", text=f"re{before} reboots alone")
        return Reply(text=text, element=fresh, terminal=gone, notes=(note,))
    how = "host" if which == "host" else "local" if alone else ""
    due = planned(element, around.now, how)
    return Reply(text=text, element=due, terminal=gone, notes=(Note(kind="reload"),))


def restarted_other(element: Element, terminal: Terminal, around: Surroundings) -> Reply:
    """The routing engine that is not master restarts; nobody notices."""
    number = other(element, around)
    if number is None:
        return Reply(text=_ALONE, element=element, terminal=terminal)
    fresh = rebooted(element, number, around.now, around.troubles)
    label = installed(fresh).engines[number].label
    note = Note(kind="operation", text=f"re{number} reboots", subject=label.boots)
    text = f"Rebooting re{number}\nShutdown NOW!\n[pid 4711]\n"
    return Reply(text=text, element=fresh, terminal=terminal, notes=(note,))


def switched(element: Element, terminal: Terminal, around: Surroundings) -> Reply:
    """The other routing engine becomes master: gracefully, or with all of forwarding anew."""
    text = "Resolving mastership...\nComplete. The other routing engine becomes the master.\n"
    gone = replace(terminal, closed=True)
    if _hindrance(element, around):
        due = planned(element, around.now, "master")
        note = Note(kind="operation", text="mastership changes, forwarding restarts")
        return Reply(text=text, element=due, terminal=gone, notes=(note,))
    note = Note(kind="operation", text="mastership changes gracefully")
    return Reply(text=text, element=_mastered(element, around.now), terminal=gone, notes=(note,))


def _mastered(element: Element, now: float) -> Element:
    state = installed(element)
    engine = state.engines[1 - state.master]
    return settled(
        element,
        state=replace(state, master=1 - state.master, switched=now),
        release=engine.label.boots,
        label=engine.label,
        committed=(engine.pending or engine.label).boots,
        reason=engine.reason,
    )


def waiting(element: Element, now: float, minutes: int) -> tuple[Element, str]:
    """A reboot that was asked for in some minutes, and what is said of it."""
    due = planned(element, now + 60 * minutes, "")
    return due, f"Shutdown at {stamped(due.reboot_at)}\n[pid 4711]\n"
