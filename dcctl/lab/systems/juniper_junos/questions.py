"""What Junos asks in either mode, and what an answer or a loaded text brings about."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Note, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import EMPTY, drop
from dcctl.lab.systems.juniper_junos import commits, engines, files, load
from dcctl.lab.systems.juniper_junos.configure import edited, left

_END = "\x04"


def answer(element: Element, terminal: Terminal, line: str, around: Surroundings) -> Reply:
    """The answer to a question, or a line of a text that is being loaded."""
    kind, _, detail = terminal.pending.partition(" ")
    calm = replace(terminal, pending="", question="", expects="line")
    if kind == "load":
        return _line(element, terminal, line, detail)
    if kind == "file-word":
        return files.pull(element, calm, detail, line)
    said = line.strip().lower()
    if said not in ("yes", "y") and not (kind == "exit" and not said):
        return Reply(text="", element=element, terminal=calm)
    return _agreed(element, calm, kind, detail, around)


def _line(element: Element, terminal: Terminal, line: str, how: str) -> Reply:
    if line != _END:
        more = replace(terminal, block=(*terminal.block, line))
        return Reply(text="", element=element, terminal=more)
    calm = replace(terminal, pending="", question="")
    return _loaded(element, calm, how, "\n".join(terminal.block))


def _agreed(
    element: Element, terminal: Terminal, kind: str, detail: str, around: Surroundings
) -> Reply:
    if kind == "exit":
        return left(element, terminal)
    if kind == "delete-all":
        tree = commits.candidate(element, terminal)
        emptied = drop(tree, terminal.path) if terminal.path else EMPTY
        return edited(element, terminal, emptied)
    if kind == "restart":
        return engines.restarted(element, terminal, detail, around)
    if kind in ("engine", "master"):
        act = engines.restarted_other if kind == "engine" else engines.switched
        return act(element, terminal, around)
    if kind == "cleanup":
        return Reply(text="\n", element=element, terminal=terminal)
    planned, text = engines.waiting(element, around.now, int(detail or 0))
    gone = replace(terminal, closed=detail == "0")
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
