"""`install …` and `upgrade hw-module …`: operations with numbers that run in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.software import Operation, settled
from dcctl.lab.systems.cisco_xr.scene import NODE, Scene, local
from dcctl.lab.systems.cisco_xr.software import (
    Logged,
    changed,
    installed,
    wanted_fpga,
)

COMMANDS = (
    ("install add source <word> <word>", "install_add"),
    ("install activate id <int> [noprompt]", "install_activate"),
    ("install activate <word> [noprompt]", "install_activate"),
    ("install replace <word> [noprompt]", "install_replace"),
    ("install commit", "install_commit"),
    ("install rollback to committed [noprompt]", "install_rollback"),
    ("install remove inactive all", "install_remove"),
    ("show install inactive [summary]", "install_inactive"),
    ("show install repository", "install_inactive"),
    ("show install log [<int>] [detail]", "install_log"),
    ("show install request", "install_request"),
    ("show hw-module fpd", "fpd"),
    ("show hw-module location <loc> fpd", "fpd"),
    ("upgrade hw-module location <loc> fpd <word> [force]", "fpd_upgrade"),
)
_SECONDS = {"add": 90, "activate": 240, "replace": 330, "commit": 15, "rollback": 120, "fpd": 60}
_REMOVE_S = 10.0
_QUESTION = "This install operation will reload the system, continue?\n [yes/no]:[yes] "


def _at(element: Element, time: float) -> str:
    at = local(element.running, time)
    return f"{at:%b} {at.day:>2} {at:%H:%M:%S}"


# --- what it shows --------------------------------------------------------------------------------


def request(scene: Scene) -> str:
    """`show install request`."""
    operation = scene.element.software.operation
    if operation is None or operation.what == "fpd":
        pending = scene.element.reboot_at and installed(scene.element).switching
        if not pending:
            return "No install operation in progress\n"
        last = installed(scene.element).log[-1]
        return f"User {last.user}, Op Id {last.number}\n{last.what}\nThe install operation {last.number} is completed, pending reload\n"
    spent = (scene.around.now - operation.since) / _SECONDS.get(operation.what, _REMOVE_S)
    share = min(99, int(100 * spent))
    last = installed(scene.element).log[-1]
    return (
        f"User {last.user}, Op Id {operation.number}\n{last.what}\n"
        f"The install {operation.what} operation {operation.number} is {share}% complete\n"
    )


def inactive(scene: Scene) -> str:
    """`show install inactive` and `show install repository`."""
    state = installed(scene.element)
    if "repository" in scene.line:
        shown = list(state.packages)
        head = f"{len(shown)} package(s) in XR repository:"
    else:
        shown = [one for one in state.packages if one.label is not state.active]
        head = f"{len(shown)} inactive package(s) found:"
    if not shown:
        return "No inactive package(s) in software repository\n"
    return "".join([f"{head}\n", *(f"        {one.name}\n" for one in shown)])


def logged(scene: Scene) -> str:
    """`show install log [N] [detail]`."""
    chosen = [
        one
        for one in installed(scene.element).log
        if not scene.arguments or one.number == int(scene.arguments[0])
    ]
    if not chosen:
        return "No install log found\n"
    return "".join(_told(scene.element, one) for one in chosen)


def _told(element: Element, one: Logged) -> str:
    began = _at(element, one.since)
    text = f"{began} Install operation {one.number} started by {one.user}:\n  {one.what}\n"
    if not one.result:
        return text
    ended = _at(element, one.until or one.since)
    text += "".join(f"{ended} {row}\n" for row in one.rows)
    return f"{text}{ended} Install operation {one.number} {one.result}\nEnding operation {one.number}\n\n"


def fpd(scene: Scene) -> str:
    """`show hw-module fpd`."""
    element = scene.element
    wanted = wanted_fpga(element.software.release)
    rows = [
        f"{'':<63}FPD Versions",
        f"{'':<62}=================",
        "Location   Card type        HWver FPD device       ATR Status   Running Programd",
        "-" * 78,
    ]
    for device, running in element.software.firmware.items():
        state, programmed = "CURRENT", running
        if device == "IOFPGA":
            programmed = installed(element).programmed or running
            ready = "RLOAD REQ" if programmed == wanted else "NEED UPGD"
            state = "CURRENT" if running == wanted else ready
        rows.append(
            f"{NODE.rpartition('/')[0]:<10} {element.chassis.model:<16} 1.0   {device:<18}  "
            f"{state:<9} {running:>7} {programmed:>8}"
        )
    return "\n".join([*rows, ""])


# --- commands -------------------------------------------------------------------------------------


def begin(
    element: Element, terminal: Terminal, around: Surroundings, what: str, command: str, *data: str
) -> Reply:
    """An operation starts, and the prompt is back at once."""
    state = installed(element)
    if element.software.operation:
        other = element.software.operation.number
        text = (
            f"Error: another install operation is in progress: operation {other}. Try again later\n"
        )
        return Reply(text=text, element=element, terminal=terminal)
    number = (state.log[-1].number if state.log else 0) + 1
    seconds = _SECONDS.get(what, _REMOVE_S)
    entry = Logged(number=number, what=command, user=terminal.user, since=around.now)
    operation = Operation(
        what=what, number=number, since=around.now, due=around.now + seconds, data=data
    )
    busy = settled(changed(element, log=(*state.log, entry)), operation=operation)
    at = _at(element, around.now)
    text = (
        f"{at} Install operation {number} started by {terminal.user}:\n  {command}\n"
        f"{at} Install operation will continue in the background\n"
    )
    note = Note(kind="operation", text=f"{what} started", subject=str(number))
    return Reply(text=text, element=busy, terminal=terminal, notes=(note,))


def _source(scene: Scene) -> str:
    source, name = scene.arguments
    return f"{source.rstrip('/')}/{name}" if not source.endswith(":") else f"{source}/{name}"


def _add(scene: Scene) -> Reply:
    return begin(scene.element, scene.terminal, scene.around, "add", scene.line, _source(scene))


def _asked(what: str) -> Callable[[Scene], Reply]:
    def act(scene: Scene) -> Reply:
        line, data = scene.line.removesuffix(" noprompt"), scene.arguments
        if scene.line.endswith(" noprompt"):
            return begin(scene.element, scene.terminal, scene.around, what, line, *data)
        pending = "\t".join([what, line, *data])
        asking = replace(scene.terminal, pending=f"install {pending}", question=_QUESTION)
        return Reply(text="", element=scene.element, terminal=asking)

    return act


def proceed(
    element: Element,
    _: Terminal,
    quiet: Terminal,
    said: tuple[str, str],
    around: Surroundings,
) -> Reply:
    """The answer to whether it may reload; nothing means yes."""
    line, detail = said
    if line.strip().lower() not in ("", "y", "yes"):
        text = "Install operation aborted by the user\n"
        return Reply(text=text, element=element, terminal=quiet)
    what, command, *data = detail.split("\t")
    return begin(element, quiet, around, what, command, *data)


def _commit(scene: Scene) -> Reply:
    return begin(scene.element, scene.terminal, scene.around, "commit", scene.line)


def _remove(scene: Scene) -> Reply:
    return begin(scene.element, scene.terminal, scene.around, "remove", scene.line)


def _fpd_upgrade(scene: Scene) -> Reply:
    element = scene.element
    if element.software.operation:
        return scene.reply("FPD upgrade rejected: another operation is in progress\n")
    wanted = wanted_fpga(element.software.release)
    if element.software.firmware.get("IOFPGA") == wanted and not scene.line.endswith("force"):
        text = "upgrade command issued (no FPD needs an upgrade; use force to upgrade anyway)\n"
        return scene.reply(text)
    due = scene.around.now + _SECONDS["fpd"]
    operation = Operation(what="fpd", number=-1, since=scene.around.now, due=due, data=(wanted,))
    text = 'upgrade command issued (use "show hw-module fpd" to check upgrade status)\n'
    note = Note(kind="operation", text="fpd started", subject=wanted)
    busy = settled(element, operation=operation)
    return Reply(text=text, element=busy, terminal=scene.terminal, notes=(note,))


ACTIONS: dict[str, Callable[[Scene], Reply]] = {
    "install_add": _add,
    "install_activate": _asked("activate"),
    "install_replace": _asked("replace"),
    "install_commit": _commit,
    "install_rollback": _asked("rollback"),
    "install_remove": _remove,
    "fpd_upgrade": _fpd_upgrade,
}
