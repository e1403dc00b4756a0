"""What Junos asks in either mode, and what an answer or a loaded text brings about."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import EMPTY, drop
from dcctl.lab.systems.juniper_junos import commits, load
from dcctl.lab.systems.juniper_junos.configure import edited, left
from dcctl.lab.systems.juniper_junos.scene import stamped

_END = "\x04"


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question, or a line of a text that is being loaded."""
    kind, _, detail = terminal.pending.partition(" ")
    calm = replace(terminal, pending="", question="")
    if kind == "load":
        if line != _END:
            more = replace(terminal, block=(*terminal.block, line))
            return Reply(text="", element=element, terminal=more)
        return _loaded(element, calm, detail, "\n".join(terminal.block))
    said = line.strip().lower()
    if kind == "exit":
        if said in ("", "yes", "y"):
            return left(element, calm)
        return Reply(text="", element=element, terminal=calm)
    if said not in ("yes", "y"):
        return Reply(text="", element=element, terminal=calm)
    return _agreed(element, calm, kind, int(detail or 0), around)


def _agreed(
    element: Element, terminal: Terminal, kind: str, minutes: int, around: Surroundings
) -> Reply:
    if kind == "delete-all":
        tree = commits.candidate(element, terminal)
        emptied = drop(tree, terminal.path) if terminal.path else EMPTY
        return edited(element, terminal, emptied)
    planned = replace(element, reboot_at=around.now + 60 * minutes)
    text = f"Shutdown {'NOW!' if not minutes else f'at {stamped(planned.reboot_at)}'}\n[pid 4711]\n"
    gone = replace(terminal, closed=not minutes)
    return Reply(text=text, element=planned, terminal=gone, notes=(Note(kind="reload"),))


def _loaded(element: Element, terminal: Terminal, how: str, text: str) -> Reply:
    tree = commits.candidate(element, replace(terminal, block=()))
    clear = replace(terminal, block=())
    verb, _, relative = how.partition(" ")
    above = terminal.path if relative else ()
    if verb == "set":
        after, complaints = load.set_text(tree, text, above)
    else:
        extra, replaced, complaints = load.braces(text, above)
        if verb in ("override", "update"):
            after = extra
        else:
            after = load.replacing(tree, extra, replaced if verb == "replace" else ())
    end = f"load complete ({len(complaints)} errors)\n" if complaints else "load complete\n"
    said = "".join(f"{one}\n" for one in complaints) + end
    return edited(element, clear, after, said)
