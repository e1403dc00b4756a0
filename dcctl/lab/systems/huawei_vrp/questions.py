"""What VRP asks before it does something, and what an answer brings about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.huawei_vrp import commits, config, files, kinds

_PROCESSES = {"bgp": "BGP", "ospf": "OSPF", "bfd": "BFD"}


def asked_of(line: str, before: Tree, after: Tree) -> str:
    """What is asked before this line takes a whole process away, or nothing."""
    words = line.split()
    if words[:1] != ["undo"] or before is after:
        return ""
    for start, name in _PROCESSES.items():
        gone = [one for one in before if one.split(" ")[0] == start and one not in after]
        if gone:
            return f"Warning: The {name} process will be deleted. Continue? [Y/N]:"
    return ""


def ask(scene_terminal: Terminal, pending: str, question: str) -> Terminal:
    """The terminal waits for an answer."""
    return replace(scene_terminal, pending=pending, question=question)


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to the question that stands."""
    kind, _, detail = terminal.pending.partition(" ")
    said = line.strip().lower()
    calm = replace(terminal, pending="", question="", expects="line")
    if kind == "scp-word":
        return files.pull(element, calm, detail, line)
    yes, no = said in ("y", "yes"), said in ("n", "no")
    if kind == "leave":
        return _leave(element, terminal, calm, said, around)
    if not (yes or no):
        text = "Error: Please choose 'YES' or 'NO' first before pressing 'Enter'. [Y/N]:"
        return Reply(text="", element=element, terminal=replace(terminal, question=text))
    if kind == "reboot-save":
        return _reboot_save(element, calm, detail, around, save=yes)
    if no:
        return Reply(text="", element=element, terminal=calm)
    return _ANSWERS[kind](element, calm, detail, around)


def _leave(
    element: Element, terminal: Terminal, calm: Terminal, said: str, around: Surroundings
) -> Reply:
    out = replace(calm, mode="exec", path=())
    if said in ("y", "yes"):
        after, here = commits.committed(element, out, around.now)
        return Reply(text="", element=after, terminal=here, notes=(Note(kind="commit"),))
    if said in ("n", "no"):
        return Reply(text="", element=element, terminal=commits.dropped(out))
    if said in ("c", "cancel"):
        return Reply(text="", element=element, terminal=calm)
    text = "Error: Please choose 'YES', 'NO' or 'CANCEL' first before pressing 'Enter'. [Y/N/C]:"
    return Reply(text="", element=element, terminal=replace(terminal, question=text))


Answer = Callable[[Element, Terminal, str, Surroundings], Reply]  # what a yes brings about


def _undo(element: Element, calm: Terminal, line: str, around: Surroundings) -> Reply:
    if not kinds.immediate(element.chassis):
        tree = commits.candidate(element, calm)
        applied = config.apply(tree, calm.path, line, element.chassis)
        edited = commits.edited(element, calm, applied.tree)
        return Reply(text="", element=element, terminal=edited)
    applied = config.apply(element.running, calm.path, line, element.chassis)
    after = replace(element, running=applied.tree, changed=around.now, changed_by=calm.user)
    return Reply(text="", element=after, terminal=calm, notes=(Note(kind="change"),))


def _save(element: Element, calm: Terminal, _detail: str, around: Surroundings) -> Reply:
    after = replace(element, startup=element.running, saved=around.now, saved_by=calm.user)
    if kinds.immediate(element.chassis):
        text = (
            "  It will take several minutes to save configuration file, please wait.......\n"
            "  Configuration file had been saved successfully\n"
            "  Note: The configuration file will take effect after being activated\n"
        )
    else:
        text = (
            "Now saving the current configuration to the slot 9 ......\n"
            "Info: Save the configuration successfully.\n"
        )
    return Reply(text=text, element=after, terminal=calm, notes=(Note(kind="save"),))


def _confirm(element: Element, calm: Terminal, _detail: str, _around: Surroundings) -> Reply:
    done = replace(element, timer=None)
    return Reply(text="", element=done, terminal=calm, notes=(Note(kind="confirm"),))


def _abort(element: Element, calm: Terminal, _detail: str, around: Surroundings) -> Reply:
    if element.timer is None:
        return Reply(text="", element=element, terminal=calm)
    after = commits.expire(element, around.now)
    text = "Info: The trial configuration rollback succeeded.\n"
    note = Note(kind="revert", text=f"by {calm.user}")
    return Reply(text=text, element=after, terminal=calm, notes=(note,))


def _rollback(element: Element, calm: Terminal, detail: str, around: Surroundings) -> Reply:
    point = next(one for one in commits.past(element) if one.how == detail)
    after = commits.added(element, point.tree, around.now, calm.user)
    text = (
        "Loading rollback changes\nCommitting\nCheck rollback result\n"
        "Configuration rollback succeeded.\n"
        "Please use 'display configuration commit changes last 1' to view the changes.\n"
    )
    note = Note(kind="revert", text=f"to {detail}")
    return Reply(text=text, element=after, terminal=calm, notes=(note,))


def _reboot_save(
    element: Element, calm: Terminal, detail: str, around: Surroundings, *, save: bool
) -> Reply:
    if save:
        element = replace(element, startup=element.running, saved=around.now, saved_by=calm.user)
    mark = "" if kinds.immediate(element.chassis) else "Warning: The system will reboot. "
    question = f"{mark or 'System will reboot! '}Continue? [Y/N]:"
    return Reply(text="", element=element, terminal=ask(calm, f"reboot {detail}".strip(), question))


def _reboot(element: Element, calm: Terminal, detail: str, around: Surroundings) -> Reply:
    minutes = int(detail or 0)
    planned = replace(element, reboot_at=around.now + 60 * minutes)
    gone = replace(calm, closed=not minutes)
    return Reply(text="", element=planned, terminal=gone, notes=(Note(kind="reload"),))


_ANSWERS: dict[str, Answer] = {
    "undo": _undo,
    "save": _save,
    "confirm": _confirm,
    "abort": _abort,
    "rollback": _rollback,
    "reboot": _reboot,
    "file-copy": files.copied,
    "file-delete": files.deleted,
    "recycle": files.recycled,
}
