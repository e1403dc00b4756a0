"""`install …`: images are added, activated, committed, taken back and removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.grammar import Match
from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Operation, Wait, settled
from dcctl.lab.systems.cisco_xe import nvram
from dcctl.lab.systems.cisco_xe.scene import Scene, moment
from dcctl.lab.systems.cisco_xe.software import (
    ABORT_MINUTES,
    installed,
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
